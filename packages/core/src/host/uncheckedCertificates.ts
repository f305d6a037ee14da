import type { ConfigIssue } from '../contract/errors.js';
import type { PreparedHost } from './PreparedHost.js';

/** Config keys that turn the check of certificates off: reported at start, by `check` and by `status`. */
export function uncheckedCertificates({
  config,
  feeds,
}: Pick<PreparedHost, 'config' | 'feeds'>): readonly ConfigIssue[] {
  const { cafile, stomp } = config.resilient.connection;
  const places: readonly (readonly [string, string, unknown])[] = [
    ['resilient', 'cafile', cafile],
    ['resilient', 'stomp_cafile', stomp.cafile],
    ...feeds.map((feed) => [feed.section.name, 'cafile', valueOf(feed.config, 'cafile')] as const),
  ];
  return places.flatMap(([section, key, value]) => (value === false ? [{ section, key, problem: PROBLEM }] : []));
}

const PROBLEM =
  'is false: no certificate is checked, so anybody in between can read and change everything; name the PEM file of the authority instead';

function valueOf(config: unknown, key: string): unknown {
  return typeof config === 'object' && config !== null && Object.hasOwn(config, key)
    ? (config as Readonly<Record<string, unknown>>)[key]
    : undefined;
}
