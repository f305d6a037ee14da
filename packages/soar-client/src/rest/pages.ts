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
  /** Rows asked for at first; halved as often as the server refuses it. */
  readonly pageSize: number;
  /** Told once, with the first page: how many rows the server counts that the query matches. */
  readonly onCount?: ((rows: number) => void) | undefined;
}

/**
 * Walks a query_paged endpoint to its end by id, never by offset: objects made or deleted during the walk neither
 * shift rows out of sight nor show one twice. Ends at an empty page, as a server may cap pages below the wish.
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

/** Walks an endpoint that knows offsets only. Rows seen before are left out; a page of nothing new is the end. */
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

/** The largest page differs between servers and is told by 400 only: halve until it fits. */
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

/** A server that overlooked the sort or the filter would make the walk skip rows or run for ever: refuse to go on. */
function lastIdOf(rows: readonly { readonly id: number }[], after: number | undefined): number | undefined {
  let last = after;
  for (const { id } of rows) {
    if (last !== undefined && id <= last) {
      throw new SoarApiError(`query_paged answered id ${id} out of order (after ${last}): cannot page on.`, {
        code: 'paging-out-of-order',
      });
    }
    last = id;
  }
  return rows.length === 0 ? undefined : last;
}
