import type { Bag } from '../bag.js';
import { invalid } from '../PlatformError.js';

export interface Page<T> {
  readonly recordsTotal: number;
  readonly recordsFiltered: number;
  readonly data: T[];
}

/**
 * A `length` that is null or below 1 means "all, up to the server's maximum"; a length above the maximum is an error.
 */
export function pageOf<T>(matching: readonly T[], body: Bag, maxPageSize: number): Page<T> {
  const start = typeof body['start'] === 'number' && body['start'] > 0 ? body['start'] : 0;
  const sent = typeof body['length'] === 'number' && body['length'] >= 1 ? body['length'] : maxPageSize;
  if (sent > maxPageSize) throw invalid(`The page size ${sent} exceeds the maximum of ${maxPageSize}.`);
  return {
    recordsTotal: matching.length,
    recordsFiltered: matching.length,
    data: matching.slice(start, start + sent),
  };
}
