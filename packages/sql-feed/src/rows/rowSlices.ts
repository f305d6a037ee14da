import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { Bound, RowSlice } from '../dialects/Dialect.js';

/** As many rows per statement as the engine takes: rows, values, bytes. */
export function* rowSlices(whole: RowSlice, { dialect, statementBytes }: SqlDatabase): Generator<RowSlice> {
  const most = Math.max(1, Math.min(dialect.limits.rows, Math.floor(dialect.limits.binds / whole.columns.length)));
  let rows: (readonly Bound[])[] = [];
  let bytes = 0;
  for (const row of whole.rows) {
    const size = statementBytes === undefined ? 0 : sizeOf(row);
    if (rows.length > 0 && (rows.length >= most || bytes + size > (statementBytes ?? Infinity))) {
      yield { ...whole, rows };
      rows = [];
      bytes = 0;
    }
    rows.push(row);
    bytes += size;
  }
  if (rows.length > 0) yield { ...whole, rows };
}

/** As the statement spells it at most: a byte of a file as two digits, a character of a text escaped. */
function sizeOf(row: readonly Bound[]): number {
  let size = 0;
  for (const value of row) {
    if (typeof value === 'string') size += Buffer.byteLength(value) * 1.1 + 4;
    else size += Buffer.isBuffer(value) ? value.length * 2 + 4 : 22;
  }
  return size;
}
