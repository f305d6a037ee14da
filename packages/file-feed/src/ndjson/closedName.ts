import { join } from 'node:path';

export const ACTIVE = 'soar.ndjson';

/** `soar-20261129T101530Z-0001.ndjson`: when it was closed, and a number that keeps names apart. */
export function closedName(atMs: number, number: number): string {
  const time = new Date(atMs).toISOString().replace(/[-:]|\.\d+/g, '');
  return `soar-${time}-${String(number).padStart(4, '0')}.ndjson`;
}

/** A closed file that is not compressed (yet). */
export function isClosed(name: string): boolean {
  return /^soar-\d{8}T\d{6}Z-\d{4,}\.ndjson$/.test(name);
}

/** Left by a process that was killed while it compressed. */
export function isHalfCompressed(name: string): boolean {
  return /^soar-\d{8}T\d{6}Z-\d{4,}\.ndjson\.gz\.tmp$/.test(name);
}

/** The folder of a day, as query engines and log shippers know it. */
export function partitionOf(directory: string, atMs: number): string {
  return join(directory, `date=${new Date(atMs).toISOString().slice(0, 10)}`);
}

export function isPartition(name: string): boolean {
  return /^date=\d{4}-\d{2}-\d{2}$/.test(name);
}
