import { invalid } from '../PlatformError.js';

export interface SearchQuery {
  /** Incident ids, inclusive; an object must be in one of the ranges. */
  readonly ranges: readonly { readonly from: number; readonly to: number }[];
  /** Lower case; all of them must occur somewhere in the object. */
  readonly words: readonly string[];
}

/**
 * The part of the Lucene syntax that a feed uses: `inc_id:[2001 TO 2050]`, `inc_id:2001 OR inc_id:2002`, `*` for an
 * open end, and plain words. Refuses a reversed range or a special character, as the platform does.
 */
export function parseQuery(text: string): SearchQuery {
  const parts = [...text.matchAll(range)];
  // OR joins only ids; a word is no alternative to them.
  const rest = text
    .replaceAll(range, ' \u0000 ')
    .replaceAll(/\u0000(\s+OR\s+\u0000)*/g, ' ')
    .replaceAll(/\bAND\b/g, ' ');
  if (/[[\]{}()^~:\\/!"]/.test(rest)) throw badQuery();
  const ranges = parts.map(([, from, to, one]) => ({ from: bound(from ?? one, 0), to: bound(to ?? one, Infinity) }));
  if (ranges.some(({ from, to }) => from > to)) throw badQuery();
  return {
    ranges: ranges.length === 0 ? [{ from: 0, to: Infinity }] : ranges,
    words: rest
      .toLowerCase()
      .split(/[\s*]+/)
      .filter((word) => word !== ''),
  };
}

const range = /\binc_id:\s*(?:\[\s*(\d+|\*)\s+TO\s+(\d+|\*)\s*\]|(\d+))/g;

function bound(text: string | undefined, open: number): number {
  return text === undefined || text === '*' ? open : Number(text);
}

function badQuery(): Error {
  return invalid('There are one or more invalid characters in the search query.');
}
