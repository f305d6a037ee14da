import type { RowSlice } from './Dialect.js';
import { qualified } from './names.js';

/** What the two engines spell differently in a MERGE. */
export interface MergeSpelling {
  readonly quote: (name: string) => string;
  /** Between the target table and USING. */
  readonly hint: string;
  /** The rows as a table `s` of the columns. */
  source(slice: RowSlice): string;
  readonly end: string;
}

/**
 * The upsert of the engines for which knex has none. A row must not stand in it twice: SQL Server and Oracle refuse that.
 * Columns that are left out keep their value.
 */
export function mergeSql(slice: RowSlice, { quote, hint, source, end }: MergeSpelling): string {
  const { table, columns, keys } = slice;
  const names = columns.map(({ name }) => quote(name));
  const matches = keys.map((key) => `t.${quote(key)} = s.${quote(key)}`).join(' AND ');
  const others = columns.filter(({ name }) => !keys.includes(name)).map(({ name }) => quote(name));
  const update =
    others.length === 0
      ? ''
      : ` WHEN MATCHED THEN UPDATE SET ${others.map((name) => `t.${name} = s.${name}`).join(', ')}`;
  const insert = ` WHEN NOT MATCHED THEN INSERT (${names.join(', ')}) VALUES (${names.map((name) => `s.${name}`).join(', ')})`;
  return `MERGE INTO ${qualified(table, quote)}${hint} USING ${source(slice)} ON (${matches})${update}${insert}${end}`;
}
