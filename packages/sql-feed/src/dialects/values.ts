import type { FlatValue } from '@soar-feed/core';
import type { Bound, Kind } from './Dialect.js';

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const WHOLE = /^[+-]?\d{1,19}$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d/;
const ISO_TIME = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?)?$/;

/** What engines spell each in their own way. */
export interface Spelling {
  boolean(value: boolean): Bound;
  /** ms since the epoch. */
  time(ms: number): Bound;
}

/** The value as a column of the kind takes it; `undefined` if the column cannot hold it. */
export function encodeTyped(kind: Kind, value: FlatValue, spelling: Spelling): Bound | undefined {
  if (value === null) return null;
  switch (kind) {
    case 'integer':
      return wholeNumber(value);
    case 'boolean':
      return truth(value, spelling);
    case 'date':
      return typeof value === 'string' && ISO_DATE.test(value) ? realDay(value.slice(0, 10)) : undefined;
    case 'datetime': {
      const ms = typeof value === 'string' ? msOf(value) : undefined;
      return ms === undefined ? undefined : spelling.time(ms);
    }
    case 'label':
    case 'text':
      return cleanText(String(value));
    case 'blob':
      return undefined;
  }
}

/** Exact: as text where a double would round it. */
function wholeNumber(value: Exclude<FlatValue, null>): Bound | undefined {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return value;
    return Number.isInteger(value) ? inRange(BigInt(value)) : undefined;
  }
  if (typeof value === 'bigint') return inRange(value);
  return WHOLE.test(value) ? inRange(BigInt(value)) : undefined;
}

function inRange(value: bigint): string | undefined {
  return value <= MAX_INT64 && value >= MIN_INT64 ? String(value) : undefined;
}

function truth(value: Exclude<FlatValue, null>, { boolean }: Spelling): Bound | undefined {
  if (typeof value === 'boolean') return boolean(value);
  return value === 1 || value === 0 ? boolean(value === 1) : undefined;
}

function realDay(day: string): string | undefined {
  return Number.isNaN(Date.parse(`${day}T00:00:00Z`)) || day.startsWith('0000') ? undefined : day;
}

/** A time without a zone is UTC, as IBM's feeds write dates. */
function msOf(text: string): number | undefined {
  if (!ISO_TIME.test(text) || text.startsWith('0000')) return undefined;
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(text) || text.length === 10;
  const ms = Date.parse(hasZone ? text : `${text}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

const UNCLEAN = /\0|\p{Surrogate}/u;

/** Engines refuse U+0000 and halves of surrogate pairs, or end the text there: U+FFFD stands for them. */
export function cleanText(text: string): string {
  return UNCLEAN.test(text) ? text.replace(/\0|\p{Surrogate}/gu, '\ufffd') : text;
}

/** `2026-11-28 20:46:43.512`, UTC. */
export function sqlTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').slice(0, 23);
}
