import { ConfigError } from '@soar-feed/core';
import { makeClient } from './client.js';
import type { Flavour, SearchClient } from './client.js';
import type { ElasticFeedSection } from './config.js';
import { pinnedAuthority } from './pinnedAuthority.js';
import { toClientSettings } from './toClientSettings.js';
import { toFeedError } from './toFeedError.js';

/** The oldest Elasticsearch that takes the requests of its client. */
const OLDEST_ELASTICSEARCH = 8;

/** The body of `GET /`. */
interface About {
  readonly version?: { readonly number?: string; readonly distribution?: string };
  readonly tagline?: string;
}

/** Connects, and finds out what answers. Throws `UnavailableError`, and `ConfigError` for what waiting does not fix. */
export async function connect(section: ElasticFeedSection, name: string, signal: AbortSignal): Promise<SearchClient> {
  const { url, ca_fingerprint: fingerprint } = section;
  const address = { host: url.origin.replace(/^https:\/\//i, ''), port: url.port ?? section.port ?? 9200 };
  const ca = fingerprint === undefined ? undefined : await pinnedAuthority(address, fingerprint, signal);
  const settings = toClientSettings(section, name, ca);
  // This client asks for nothing that only one of the two gives.
  const probe = makeClient('opensearch', settings);
  let flavour: Flavour;
  try {
    const { body, headers } = await probe.request({ method: 'GET', path: '/' }, signal);
    flavour = section.flavour === 'auto' ? flavourOf(body as About, headers, name) : section.flavour;
  } catch (error) {
    throw error instanceof ConfigError ? error : toFeedError(error, 'Asking the server for its name', signal);
  } finally {
    await probe.close();
  }
  return makeClient(flavour, settings);
}

function flavourOf(about: About, headers: Readonly<Record<string, unknown>>, name: string): Flavour {
  const { distribution, number = '' } = about.version ?? {};
  if (distribution === 'opensearch' || about.tagline?.includes('OpenSearch') === true) return 'opensearch';
  if (headers['x-elastic-product'] !== 'Elasticsearch') {
    const problem =
      'what answers says neither that it is Elasticsearch nor OpenSearch; check url, or say which it is by flavour';
    throw new ConfigError([{ section: name, key: 'url', problem }]);
  }
  if (Number.parseInt(number, 10) >= OLDEST_ELASTICSEARCH) return 'elasticsearch';
  const problem = `Elasticsearch ${number} answers; this feed needs ${OLDEST_ELASTICSEARCH} or later, or OpenSearch`;
  throw new ConfigError([{ section: name, key: 'url', problem }]);
}
