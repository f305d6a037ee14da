import type { Send } from './Indices.js';

export interface Place {
  readonly index: string;
  readonly id: string;
}

export interface StoredDocument<Source> {
  readonly version: number;
  readonly source: Source;
}

/** Ids of one request. */
const SLICE = 1_000;

/** Reads documents as they are now, without a refresh. Same length, same order; `undefined` for one that is not there. */
export async function readDocuments<Source>(
  send: Send,
  places: readonly Place[],
  fields: readonly string[] | 'all',
  signal: AbortSignal,
): Promise<readonly (StoredDocument<Source> | undefined)[]> {
  const found: (StoredDocument<Source> | undefined)[] = [];
  for (let from = 0; from < places.length; from += SLICE) {
    const docs = places.slice(from, from + SLICE).map(({ index, id }) => ({ _index: index, _id: id }));
    const query = fields === 'all' ? {} : { _source_includes: fields.join(',') };
    const answer = await send({ method: 'POST', path: '/_mget', query, body: { docs } }, 'Reading documents', signal);
    const got = (answer.body as { docs?: readonly { found?: boolean; _version?: number; _source?: Source }[] }).docs;
    for (const [at] of docs.entries()) {
      const { found: isThere, _version: version, _source: source } = got?.[at] ?? {};
      found.push(isThere === true && version !== undefined && source !== undefined ? { version, source } : undefined);
    }
  }
  return found;
}
