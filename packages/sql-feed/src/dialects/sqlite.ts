import type { Dialect, FoundColumn, Kind } from './Dialect.js';
import { doubleQuoted, qualified } from './names.js';
import { upsertValues } from './bulkInsert.js';
import { replaceColumn } from './replaceColumn.js';
import { cleanText } from './values.js';

const TYPES: Readonly<Record<Kind, string>> = {
  integer: 'INTEGER',
  boolean: 'BOOLEAN',
  date: 'DATE',
  datetime: 'TIMESTAMP',
  label: 'TEXT',
  text: 'TEXT',
  blob: 'BLOB',
};

/** Values are written as IBM's feed does: dates as ISO text, booleans as 1 and 0. */
export const sqlite: Dialect = {
  name: 'sqlite',
  ibmName: 'SqliteDialect',
  limits: { name: Number.MAX_SAFE_INTEGER, columns: 2_000, binds: 32_766, rows: 5_000, list: 30_000 },
  transactionalDdl: true,
  fold: (name) => name,
  quote: doubleQuoted,
  typeOf: (kind) => TYPES[kind],
  idType: 'INTEGER',
  tableOptions: '',
  keyType: () => 'TEXT',
  async columnsOf(knex, { name }) {
    const rows = await knex.raw<readonly { readonly name: string; readonly type: string }[]>(
      'SELECT name, type FROM pragma_table_info(?)',
      [name],
    );
    return rows.length === 0 ? undefined : rows.map(({ name: column, type }) => found(column, type));
  },
  addColumns: (table, columns) =>
    columns.map(({ name, kind }) => ({
      sql: `ALTER TABLE ${qualified(table, doubleQuoted)} ADD COLUMN ${doubleQuoted(name)} ${TYPES[kind]}`,
    })),
  changeType: (table, column, kind) =>
    replaceColumn(
      table,
      column,
      { type: TYPES[kind], copy: `CAST(${doubleQuoted(column)} AS ${TYPES[kind]})` },
      doubleQuoted,
    ),
  createIndex: (table, index, { name }) => ({
    sql: `CREATE INDEX IF NOT EXISTS ${doubleQuoted(index)} ON ${doubleQuoted(table.name)} (${doubleQuoted(name)})`,
  }),
  // Only text that looks like a number is changed by another column's affinity.
  holds: (has, wants) =>
    (wants === 'label' || wants === 'text' ? has === 'label' || has === 'text' : has !== 'blob') || has === wants,
  encode(_kind, value) {
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'bigint') return String(value);
    return typeof value === 'string' ? cleanText(value) : value;
  },
  time: (ms) => new Date(ms).toISOString(),
  upsert: (trx, slice) => upsertValues(trx, slice, doubleQuoted),
};

function found(name: string, type: string): FoundColumn {
  const word = type.toUpperCase();
  const kind = KINDS.find(([pattern]) => pattern.test(word))?.[1];
  return kind === undefined ? { name } : { name, kind };
}

const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/INT/, 'integer'],
  [/BOOL/, 'boolean'],
  [/TIMESTAMP|DATETIME/, 'datetime'],
  [/DATE/, 'date'],
  [/CHAR|CLOB|TEXT/, 'text'],
  [/BLOB/, 'blob'],
];
