import { createHash } from 'node:crypto';
import type { FieldTime } from '../contract/FieldTime.js';

/** What every column of the time series begins with. */
export const TIME_SERIES = 'timeseries__';

/**
 * The columns that IBM's feeds 3.3 add to an incident: `timeseries__<field>__<value>`, lower-cased, each run of other characters
 * than a-z, 0-9 and `_` as one `_`; the value is the seconds. Labels that become one name by that are kept apart: the first in
 * the order of their characters has IBM's name, each other one a hash of its label behind it (with IBM, the last one wins).
 */
export function timeSeriesColumns(times: readonly FieldTime[]): readonly (readonly [string, number])[] {
  const taken = new Set<string>();
  return [...times].sort(byLabel).map(({ field, value, seconds }) => {
    const plain = `${TIME_SERIES}${field}__${value}`.toLowerCase().replace(/[^a-z0-9_]+/g, '_');
    const name = taken.has(plain) ? `${plain}_${hashOf(value)}` : plain;
    taken.add(name);
    return [name, seconds] as const;
  });
}

function byLabel(a: FieldTime, b: FieldTime): number {
  return a.field === b.field ? compare(a.value, b.value) : compare(a.field, b.field);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}
