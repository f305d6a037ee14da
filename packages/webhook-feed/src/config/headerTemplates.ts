/** The beginning of the keys that are headers: `header.x-tenant=…`. */
export const PREFIX = 'header.';

/** What a header's template may hold in braces. */
export interface HeaderValues {
  /** Id of the source organization. */
  readonly org: string;
  /** Id of the batch: the same when the same changes are sent again. */
  readonly batch: string;
  /** How many changes the batch holds. */
  readonly count: string;
}

const NAMES: readonly (keyof HeaderValues)[] = ['org', 'batch', 'count'];
/** Set by the feed itself, or by HTTP. */
const OWN = /^(host|content-|transfer-encoding|connection|idempotency-key|x-soar-feed-)/;

/** Why a header cannot be; never quotes the value, which may be a secret. */
export function headerProblem(name: string, template: string): string | undefined {
  if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return 'is not the name of a header';
  if (OWN.test(name)) return 'is set by the feed itself; remove it';
  if (/[^\t\x20-\x7e\x80-\xff]/.test(template)) return 'holds a character that a header cannot carry';
  const unknown = [...template.matchAll(/\{(\w*)\}/g)].map(([, word]) => word);
  const wrong = unknown.find((word) => !NAMES.includes(word as keyof HeaderValues));
  return wrong === undefined
    ? undefined
    : `holds a placeholder that is not known; accepted: ${NAMES.map((word) => `{${word}}`).join(', ')}`;
}

export function filled(template: string, values: HeaderValues): string {
  return template.replace(/\{(\w+)\}/g, (_, word: keyof HeaderValues) => values[word]);
}
