import type { Dialect, FoundColumn, Kind, RowSlice, Statement, TableName } from './Dialect.js';
import { holdsTyped } from './holds.js';
import { mergeSql } from './merge.js';
import { qualified } from './names.js';
import { encodeTyped } from './values.js';

const TYPES: Readonly<Record<Kind, string>> = {
  integer: 'bigint',
  boolean: 'bit',
  date: 'date',
  datetime: 'datetime2(3)',
  label: 'nvarchar(max)',
  text: 'nvarchar(max)',
  blob: 'varbinary(max)',
};

const spelling = {
  boolean: (value: boolean) => (value ? 1 : 0),
  /** The form with a T does not depend on the language of the session. */
  time: (ms: number) => new Date(ms).toISOString().slice(0, 23),
};

/** A page takes rows of 8,060 bytes; a long value leaves a pointer of 24 bytes. */
const ROW = { total: 8_000, cost: (kind: Kind) => (['label', 'text', 'blob'].includes(kind) ? 24 : 8) };

/** SQL Server 2016 or newer. */
export const mssql: Dialect = {
  name: 'mssql',
  ibmName: 'SQLServerDialect',
  limits: { name: 128, columns: 1_024, binds: 2_000, rows: 1_000, list: 1_000, rowBudget: ROW },
  transactionalDdl: true,
  fold: (name) => name.toLowerCase(),
  quote,
  typeOf: (kind) => TYPES[kind],
  idType: 'bigint',
  tableOptions: '',
  keyType: (length) => `nvarchar(${length})`,
  async columnsOf(knex, table) {
    const rows = await knex.raw<
      readonly {
        readonly name: string;
        readonly type: string;
        readonly size: number | null;
        readonly digits: number | null;
      }[]
    >(
      `SELECT column_name AS name, data_type AS type, character_maximum_length AS size, datetime_precision AS digits
       FROM information_schema.columns WHERE table_schema = COALESCE(?, SCHEMA_NAME()) AND table_name = ? ORDER BY ordinal_position`,
      [table.schema ?? null, table.name],
    );
    return rows.length === 0 ? undefined : rows.map(({ name, type, size, digits }) => found(name, type, size, digits));
  },
  addColumns: (table, columns) => [
    {
      sql: `ALTER TABLE ${qualified(table, quote)} ADD ${columns
        .map(({ name, kind }) => `${quote(name)} ${TYPES[kind]} NULL`)
        .join(', ')}`,
    },
  ],
  changeType: (table, column, kind) =>
    column === 'id' ? changeKey(table) : [alterColumn(table, column, kind, 'NULL')],
  // A column without a limit cannot be in an index.
  createIndex: (table, index, { name, kind }) =>
    kind === 'label' || kind === 'text' || kind === 'blob'
      ? undefined
      : { sql: `CREATE INDEX ${quote(index)} ON ${qualified(table, quote)} (${quote(name)})` },
  holds: holdsTyped,
  encode: (kind, value) => encodeTyped(kind, value, spelling),
  time: spelling.time,
  upsert: (trx, slice) => trx.raw(mergeInto(slice), slice.rows.flat()),
};

/** HOLDLOCK: without it, another session may insert the row between the look and the insert. */
function mergeInto(slice: RowSlice): string {
  return mergeSql(slice, {
    quote,
    hint: ' WITH (HOLDLOCK) AS t',
    source: ({ columns, rows }) => {
      const row = `(${columns.map(({ kind }) => `CAST(? AS ${TYPES[kind]})`).join(', ')})`;
      return `(VALUES ${rows.map(() => row).join(', ')}) AS s (${columns.map(({ name }) => quote(name)).join(', ')})`;
    },
    end: ';',
  });
}

function alterColumn(table: TableName, column: string, kind: Kind, end: 'NULL' | 'NOT NULL'): Statement {
  return { sql: `ALTER TABLE ${qualified(table, quote)} ALTER COLUMN ${quote(column)} ${TYPES[kind]} ${end}` };
}

/** A column of the primary key keeps its type as long as the key is there, and the server has named the key. */
function changeKey(table: TableName): readonly Statement[] {
  const place = qualified(table, quote);
  return [
    {
      sql: `DECLARE @key nvarchar(300) = (SELECT QUOTENAME(name) FROM sys.key_constraints WHERE type = 'PK' AND parent_object_id = OBJECT_ID(?)); EXEC(N'ALTER TABLE ${place.replaceAll("'", "''")} DROP CONSTRAINT ' + @key)`,
      bindings: [place],
    },
    alterColumn(table, 'id', 'integer', 'NOT NULL'),
    { sql: `ALTER TABLE ${place} ADD PRIMARY KEY (${quote('id')})` },
  ];
}

function quote(name: string): string {
  return `[${name.replaceAll(']', ']]').replaceAll('?', '\\?')}]`;
}

function found(name: string, type: string, size: number | null, digits: number | null): FoundColumn {
  const [kind, narrow] = kindOf(type.toLowerCase(), size, digits);
  return { name, ...(kind === undefined ? {} : { kind }), ...(narrow ? { narrow } : {}) };
}

function kindOf(type: string, size: number | null, digits: number | null): readonly [Kind | undefined, boolean?] {
  if (type === 'int' || type === 'smallint' || type === 'tinyint') return ['integer', true];
  if (type === 'bigint') return ['integer'];
  if (type === 'bit') return ['boolean'];
  if (type === 'date') return ['date'];
  if (type === 'datetime2') return ['datetime', (digits ?? 7) < 3];
  if (/^(small)?datetime/.test(type)) return ['datetime', true];
  if (type === 'nvarchar') return ['text', size !== -1];
  if (/char|text/.test(type)) return ['text', true];
  return /binary|image/.test(type) ? ['blob', type !== 'varbinary' || size !== -1] : [undefined];
}
