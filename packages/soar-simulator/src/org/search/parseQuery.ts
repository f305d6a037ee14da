import { invalid } from '../PlatformError.js';

export interface SearchQuery {
  /** Incident ids, inclusive. */
  readonly from: number;
  readonly to: number;
  /** Lower case; every one must occur somewhere in the object. */
  readonly words: readonly string[];
}

/**
 * The part of the Lucene syntax that a feed uses: `inc_id:[2001 TO 2050]`, `inc_id:2001`, `*` for an open end, and
 * plain words. A reversed range or a special character is refused, as the platform does.
 */
export function parseQuery(text: string): SearchQuery {
  const range = /\binc_id:\s*(?:\[\s*(\d+|\*)\s+TO\s+(\d+|\*)\s*\]|(\d+))/.exec(text);
  const rest = (range ? text.replace(range[0], ' ') : text).replaceAll(/\bAND\b/g, ' ');
  if (/[[\]{}()^~:\\/!"]/.test(rest)) throw badQuery();
  const from = bound(range?.[1] ?? range?.[3], 0);
  const to = bound(range?.[2] ?? range?.[3], Number.MAX_SAFE_INTEGER);
  if (from > to) throw badQuery();
  return {
    from,
    to,
    words: rest
      .toLowerCase()
      .split(/[\s*]+/)
      .filter((word) => word !== ''),
  };
}

function bound(text: string | undefined, open: number): number {
  return text === undefined || text === '*' ? open : Number(text);
}

function badQuery(): Error {
  return invalid('There are one or more invalid characters in the search query.');
}
