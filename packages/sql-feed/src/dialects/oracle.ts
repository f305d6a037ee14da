import type { Dialect, FoundColumn, Kind, RowSlice } from './Dialect.js';
import { holdsTyped } from './holds.js';
import { mergeSql } from './merge.js';
import { doubleQuoted, qualified } from './names.js';
import { replaceColumn } from './replaceColumn.js';
import { encodeTyped, sqlTime } from './values.js';

const TYPES: Readonly<Record<Kind, string>> = {
  integer: 'NUMBER(19)',
  boolean: 'NUMBER(1)',
  date: 'DATE',
  datetime: 'TIMESTAMP(3)',
  label: 'VARCHAR2(4000)',
  text: 'CLOB',
  blob: 'BLOB',
};

/** Labels longer than this go into `more_fields`. Bytes. */
const LABEL_BYTES = 4_000;

const spelling = { boolean: (value: boolean) => (value ? 1 : 0), time: sqlTime };

/** Oracle 12.2 or newer, whose names may have 128 bytes. An empty text is NULL there. */
export const oracle: Dialect = {
  name: 'oracle',
  ibmName: 'OracleDialect',
  limits: { name: 128, columns: 1_000, binds: 30_000, rows: 500, list: 1_000 },
  transactionalDdl: false,
  fold: (name) => name.toUpperCase(),
  quote: doubleQuoted,
  typeOf: (kind) => TYPES[kind],
  idType: 'NUMBER(19)',
  tableOptions: '',
  keyType: (length) => `VARCHAR2(${length})`,
  async columnsOf(knex, table) {
    const rows = await knex.raw<
      readonly {
        readonly NAME: string;
        readonly TYPE: string;
        readonly DIGITS: number | null;
        readonly BYTES: number;
      }[]
    >(
      `SELECT column_name AS "NAME", data_type AS "TYPE", data_precision AS "DIGITS", data_length AS "BYTES" FROM all_tab_columns
       WHERE owner = COALESCE(?, SYS_CONTEXT('USERENV', 'CURRENT_SCHEMA')) AND table_name = ? ORDER BY column_id`,
      [table.schema ?? null, table.name],
    );
    return rows.length === 0 ? undefined : rows.map((row) => found(row.NAME, row.TYPE, row.DIGITS, row.BYTES));
  },
  addColumns: (table, columns) => [
    {
      sql: `ALTER TABLE ${qualified(table, doubleQuoted)} ADD (${columns
        .map(({ name, kind }) => `${doubleQuoted(name)} ${TYPES[kind]}`)
        .join(', ')})`,
    },
  ],
  // A number grows in place; any other change needs an empty column.
  changeType: (table, column, kind) =>
    kind === 'integer'
      ? [{ sql: `ALTER TABLE ${qualified(table, doubleQuoted)} MODIFY (${doubleQuoted(column)} ${TYPES[kind]})` }]
      : replaceColumn(
          table,
          column,
          {
            type: TYPES[kind],
            copy: kind === 'text' || kind === 'label' ? `TO_CHAR(${doubleQuoted(column)})` : doubleQuoted(column),
            add: (name, type) => `ADD (${name} ${type})`,
          },
          doubleQuoted,
        ),
  createIndex: (table, index, { name, kind }) =>
    kind === 'text' || kind === 'blob' || kind === 'label'
      ? undefined
      : {
          sql: `CREATE INDEX ${qualified({ ...table, name: index }, doubleQuoted)} ON ${qualified(table, doubleQuoted)} (${doubleQuoted(name)})`,
        },
  holds: holdsTyped,
  encode(kind, value) {
    const bound = encodeTyped(kind, value, spelling);
    return kind === 'label' && typeof bound === 'string' && Buffer.byteLength(bound) > LABEL_BYTES ? undefined : bound;
  },
  time: sqlTime,
  upsert: (trx, slice) => trx.raw(mergeInto(slice), slice.rows.flat()),
};

/** Also with bytes: IBM's plug-in inserts those rows only, and fails the second time. */
function mergeInto(slice: RowSlice): string {
  return mergeSql(slice, {
    quote: doubleQuoted,
    hint: ' t',
    source: ({ columns, rows }) => {
      const row = columns.map(({ name, kind }) => `${read(kind)} AS ${doubleQuoted(name)}`).join(', ');
      return `(${rows.map(() => `SELECT ${row} FROM dual`).join(' UNION ALL ')}) s`;
    },
    end: '',
  });
}

function read(kind: Kind): string {
  switch (kind) {
    case 'date':
      return `TO_DATE(?, 'YYYY-MM-DD')`;
    case 'datetime':
      return `TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF3')`;
    case 'text':
      return 'TO_CLOB(?)';
    case 'blob':
      return 'TO_BLOB(?)';
    case 'integer':
      return 'TO_NUMBER(?)';
    case 'boolean':
    case 'label':
      return '?';
  }
}

function found(name: string, type: string, digits: number | null, bytes: number): FoundColumn {
  const [kind, narrow] = kindOf(type, digits, bytes);
  return { name, ...(kind === undefined ? {} : { kind }), ...(narrow ? { narrow } : {}) };
}

function kindOf(type: string, digits: number | null, bytes: number): readonly [Kind | undefined, boolean?] {
  if (type === 'NUMBER') return digits === 1 ? ['boolean'] : ['integer', digits !== null && digits < 19];
  if (type === 'DATE') return ['date'];
  if (type.startsWith('TIMESTAMP')) return ['datetime'];
  if (type === 'CLOB' || type === 'NCLOB') return ['text'];
  if (/CHAR/.test(type)) return bytes >= LABEL_BYTES ? ['label'] : ['label', true];
  return [type === 'BLOB' ? 'blob' : undefined];
}
