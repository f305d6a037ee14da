import { isIncident, UnavailableError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import type { Document, Ours } from './documentOf.js';
import type { Send } from './Indices.js';

/** A document that hangs below something. */
export interface Child {
  readonly index: string;
  readonly id: string;
  readonly version: number;
  readonly incidentId: number;
  readonly taskId?: number;
  /** Only the fields that were asked for. */
  readonly source: Document & { readonly soar_feed?: Partial<Ours> };
}

interface Hit {
  readonly _index: string;
  readonly _id: string;
  readonly _version: number;
  readonly _source?: Document;
  readonly sort?: readonly unknown[];
}

/** Hits of one page. */
const PAGE = 1_000;
/** Names of indices that one path holds, characters: servers take lines of 4 KB. */
const PATH = 2_500;

/** Finds the documents that hang below incidents and tasks: the platform sends no deletes for them. */
export class Below {
  constructor(
    private readonly send: Send,
    private readonly whole: boolean,
  ) {}

  /** What hangs below the incidents and tasks among the events, which are of one organization, in these indices. */
  async of(events: readonly FeedEvent[], indices: readonly string[], signal: AbortSignal): Promise<readonly Child[]> {
    const tops = events.filter(({ key }) => isIncident(key) || key.type === 'task');
    if (tops.length === 0 || indices.length === 0) return [];
    // A search sees only what was refreshed; elsewhere the feed asks for no refresh.
    for (const names of pathsOf(indices)) {
      const call = { method: 'POST', path: `/${names}/_refresh`, query: { ignore_unavailable: 'true' } } as const;
      await this.send(call, 'Refreshing the indices before a search', signal);
    }
    const query = queryOf(tops);
    const children: Child[] = [];
    let open = new Map<string, readonly unknown[] | undefined>(indices.map((index) => [index, undefined]));
    while (open.size > 0) {
      const pages = await this.pages([...open], query, signal);
      for (const hits of pages.values()) children.push(...hits.map(childOf));
      open = new Map([...pages].flatMap(([index, hits]) => (hits.length < PAGE ? [] : [[index, hits.at(-1)?.sort]])));
    }
    return children;
  }

  private async pages(
    open: readonly (readonly [string, readonly unknown[] | undefined])[],
    query: object,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, readonly Hit[]>> {
    const fields = this.whole ? true : ['inc_id', 'task_id', 'soar_feed'];
    const lines = open.flatMap(([index, after]) => [
      JSON.stringify({ index, ignore_unavailable: true }),
      JSON.stringify({
        query,
        size: PAGE,
        version: true,
        _source: fields,
        sort: [{ id: { order: 'asc', unmapped_type: 'long' } }],
        ...(after === undefined ? {} : { search_after: after }),
      }),
    ]);
    const call = { method: 'POST', path: '/_msearch', lines } as const;
    const { body } = await this.send(call, 'Searching what hangs below a deleted object', signal);
    const { responses = [] } = body as { responses?: readonly { hits?: { hits?: readonly Hit[] } }[] };
    return new Map(
      open.map(([index], at) => {
        const hits = responses[at]?.hits?.hits;
        if (hits !== undefined) return [index, hits];
        throw new UnavailableError(`Searching the index ${index} for what hangs below a deleted object failed.`, {
          code: 'elastic-search-failed',
        });
      }),
    );
  }
}

/** Documents of another organization in the same index have a note of theirs; those that IBM's feed wrote have none. */
function queryOf(tops: readonly FeedEvent[]): object {
  const incidents = tops.flatMap(({ key }) => (isIncident(key) ? [key.objectId] : []));
  const tasks = tops.flatMap(({ key }) => (isIncident(key) ? [] : [key.objectId]));
  const orgs = [...new Set(tops.map(({ key }) => key.orgId))];
  const isOthers = {
    bool: { filter: [{ exists: { field: 'soar_feed.org_id' } }], must_not: [{ terms: { 'soar_feed.org_id': orgs } }] },
  };
  return {
    bool: {
      filter: [{ bool: { should: [{ terms: { inc_id: incidents } }, { terms: { task_id: tasks } }] } }],
      must_not: [isOthers],
    },
  };
}

function childOf({ _index: index, _id: id, _version: version, _source: source = {} }: Hit): Child {
  const { inc_id: incidentId, task_id: taskId } = source;
  return {
    index,
    id,
    version,
    incidentId: Number(incidentId),
    ...(typeof taskId === 'number' ? { taskId } : {}),
    source,
  };
}

function* pathsOf(indices: readonly string[]): Generator<string> {
  let path = '';
  for (const index of indices.map(encodeURIComponent)) {
    if (path !== '' && path.length + index.length > PATH) {
      yield path;
      path = '';
    }
    path += path === '' ? index : `,${index}`;
  }
  yield path;
}
