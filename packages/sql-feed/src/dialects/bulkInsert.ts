import type { Knex } from 'knex';
import type { Bound, RowSlice } from './Dialect.js';
import { qualified } from './names.js';

type Quote = (name: string) => string;

/**
 * The bulk upserts of the engines that have one. Written here and not by knex's builder, which spends more time on a
 * statement of ten thousand values than the database does. Columns that are left out keep their value on all three.
 */
function insertSql({ table, columns, keys }: RowSlice, quote: Quote, source: string, conflict: string): string {
  const names = columns.map(({ name }) => quote(name));
  return `INSERT INTO ${qualified(table, quote)} (${names.join(', ')}) ${source} ${conflict.replace('KEYS', () => keys.map(quote).join(', '))}`;
}

const othersOf = ({ columns, keys }: RowSlice): readonly string[] =>
  columns.map(({ name }) => name).filter((name) => !keys.includes(name));

/** `ON CONFLICT` of SQLite and PostgreSQL. */
function onConflict(slice: RowSlice, quote: Quote): string {
  const sets = othersOf(slice).map((name) => `${quote(name)} = excluded.${quote(name)}`);
  return `ON CONFLICT (KEYS) DO ${sets.length === 0 ? 'NOTHING' : `UPDATE SET ${sets.join(', ')}`}`;
}

/** One placeholder per value. */
export function upsertValues(trx: Knex, slice: RowSlice, quote: Quote): Knex.Raw {
  const row = `(${slice.columns.map(() => '?').join(', ')})`;
  const values = `VALUES ${slice.rows.map(() => row).join(', ')}`;
  return trx.raw(insertSql(slice, quote, values, onConflict(slice, quote)), slice.rows.flat() as Knex.RawBinding[]);
}

/** PostgreSQL: one array per column, whatever the number of rows. */
export function upsertArrays(trx: Knex, slice: RowSlice, quote: Quote, typeOf: (at: number) => string): Knex.Raw {
  const arrays = slice.columns.map((_, at) => slice.rows.map((row) => row[at] ?? null));
  const source = `SELECT * FROM unnest(${slice.columns.map((_, at) => `?::${typeOf(at)}[]`).join(', ')})`;
  return trx.raw(insertSql(slice, quote, source, onConflict(slice, quote)), arrays as unknown as Knex.RawBinding[]);
}

/** MariaDB and MySQL: mysql2 spells a list of rows itself. */
export function upsertList(trx: Knex, slice: RowSlice, quote: Quote): Knex.Raw {
  const names = othersOf(slice);
  const [key = ''] = slice.keys;
  const sets = (names.length === 0 ? [key] : names).map((name) => `${quote(name)} = VALUES(${quote(name)})`);
  const sql = insertSql(slice, quote, 'VALUES ?', `ON DUPLICATE KEY UPDATE ${sets.join(', ')}`);
  const rows: readonly (readonly Bound[])[] = slice.rows;
  return trx.raw(sql, [rows] as unknown as Knex.RawBinding[]);
}
