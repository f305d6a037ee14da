import type { QueryCondition } from '../model/QueryDto.js';
import { SoarApiError } from './SoarApiError.js';

export interface Page<T> {
  readonly recordsTotal?: number;
  readonly recordsFiltered?: number;
  readonly data?: readonly T[] | null;
}

export interface KeysetQuery {
  readonly minId?: number | undefined;
  readonly maxId?: number | undefined;
  readonly conditions?: readonly QueryCondition[] | undefined;
  /** Rows of the first request; halved each time the server refuses. */
  readonly pageSize: number;
  /** Called once, with the first page: the server's count of rows that match the query. */
  readonly onCount?: ((rows: number) => void) | undefined;
}

/**
 * Pages through a query_paged endpoint by id, never by offset: objects that are created or deleted meanwhile neither
 * hide rows nor show one twice. Ends at an empty page, because a server may return smaller pages than requested.
 */
export async function* keysetPages<T extends { readonly id: number }>(
  fetchPage: (body: object) => Promise<Page<T>>,
  query: KeysetQuery,
): AsyncGenerator<readonly T[], void, undefined> {
  const upTo = query.maxId === undefined ? [] : [{ field_name: 'id', method: 'lte', value: query.maxId }];
  const narrowing = [...upTo, ...(query.conditions ?? [])];
  /** Everything up to this id has been seen. Ids are whole numbers, so `minId` is the first one after `minId - 1`. */
  let after = query.minId === undefined ? undefined : query.minId - 1;
  let size = query.pageSize;
  let isCounted = false;
  for (;;) {
    const onward = after === undefined ? [] : [{ field_name: 'id', method: 'gt', value: after }];
    const conditions = [...onward, ...narrowing];
    const body = {
      start: 0,
      sorts: [{ field_name: 'id', type: 'asc' }],
      filters: conditions.length === 0 ? [] : [{ conditions }],
    };
    const answer = await withFittingSize(size, (length) => fetchPage({ ...body, length }));
    size = answer.size;
    const { recordsFiltered } = answer.page;
    if (!isCounted && recordsFiltered !== undefined) query.onCount?.(recordsFiltered);
    isCounted = true;
    const rows = answer.page.data ?? [];
    const last = lastIdOf(rows, after);
    if (last === undefined) return;
    yield rows;
    if (query.maxId !== undefined && last >= query.maxId) return;
    after = last;
  }
}

/** Pages through an endpoint that only knows offsets. Repeated rows are omitted; a page with nothing new is the end. */
export async function* offsetPages<T extends { readonly id: number }>(
  fetchPage: (body: object) => Promise<Page<T>>,
  pageSize: number,
): AsyncGenerator<readonly T[], void, undefined> {
  const seen = new Set<number>();
  let start = 0;
  let size = pageSize;
  for (;;) {
    const from = start;
    const answer = await withFittingSize(size, (length) => fetchPage({ start: from, length }));
    size = answer.size;
    const rows = answer.page.data ?? [];
    const fresh = rows.filter((row) => !seen.has(row.id));
    if (fresh.length === 0) return;
    for (const row of fresh) seen.add(row.id);
    yield fresh;
    start += rows.length;
  }
}

/** The largest page differs between servers, and only a 400 reveals it: halve until it fits. */
async function withFittingSize<T>(
  wanted: number,
  fetchPage: (length: number) => Promise<Page<T>>,
): Promise<{ page: Page<T>; size: number }> {
  for (let size = wanted; ; size = Math.floor(size / 2)) {
    try {
      return { page: await fetchPage(size), size };
    } catch (error) {
      if (!SoarApiError.is(error) || error.status !== 400 || size <= 1) throw error;
    }
  }
}

/** A server that ignores the sort or the filter would make us skip rows or loop for ever: so stop. */
function lastIdOf(rows: readonly { readonly id: number }[], after: number | undefined): number | undefined {
  let last = after;
  for (const { id } of rows) {
    if (last !== undefined && id <= last) {
      throw new SoarApiError(`query_paged answered id ${id} out of order (after ${last}): cannot continue.`, {
        code: 'paging-out-of-order',
      });
    }
    last = id;
  }
  return rows.length === 0 ? undefined : last;
}
