import type { Dialect, FoundColumn, Kind } from './Dialect.js';
import { holdsTyped } from './holds.js';
import { doubleQuoted, qualified } from './names.js';
import { upsertArrays } from './bulkInsert.js';
import { encodeTyped } from './values.js';

const TYPES: Readonly<Record<Kind, string>> = {
  integer: 'bigint',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz(3)',
  label: 'text',
  text: 'text',
  blob: 'bytea',
};

/** The precision of a time is that of its column. */
const ARRAY_TYPES: Readonly<Record<Kind, string>> = { ...TYPES, datetime: 'timestamptz' };

const spelling = {
  boolean: (value: boolean) => value,
  time: (ms: number) => new Date(ms).toISOString(),
};

/**
 * A page takes rows of up to 8,160 bytes. What is longer than 24 leaves the row for a pointer of 18; a number may need
 * padding before it.
 */
const ROW = {
  total: 8_000,
  cost: (kind: Kind) => (['label', 'text', 'blob'].includes(kind) ? 24 : kind === 'boolean' ? 1 : 15),
};

export const postgres: Dialect = {
  name: 'postgres',
  ibmName: 'PostgreSQL96Dialect',
  limits: { name: 63, columns: 1_600, binds: 65_535, rows: 5_000, list: 30_000, rowBudget: ROW },
  transactionalDdl: true,
  fold: (name) => name.toLowerCase(),
  quote: doubleQuoted,
  typeOf: (kind) => TYPES[kind],
  idType: 'bigint',
  tableOptions: '',
  keyType: () => 'text',
  async columnsOf(knex, { schema, name }) {
    const place = qualified({ schema, name }, (part) => `"${part.replaceAll('"', '""')}"`);
    const { rows } = await knex.raw<{ rows: readonly { readonly name: string; readonly type: string }[] }>(
      `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
       WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [place],
    );
    return rows.length === 0 ? undefined : rows.map(({ name: column, type }) => found(column, type));
  },
  addColumns: (table, columns) => [
    {
      sql: `ALTER TABLE ${qualified(table, doubleQuoted)} ${columns
        .map(({ name, kind }) => `ADD COLUMN IF NOT EXISTS ${doubleQuoted(name)} ${TYPES[kind]}`)
        .join(', ')}`,
    },
  ],
  // The zone counts where a date becomes a time, or a time becomes text.
  changeType: (table, column, kind) => [
    { sql: `SET LOCAL TIME ZONE 'UTC'` },
    {
      sql: `ALTER TABLE ${qualified(table, doubleQuoted)} ALTER COLUMN ${doubleQuoted(column)} TYPE ${TYPES[kind]} USING ${doubleQuoted(column)}${kind === 'integer' ? '::integer' : ''}::${TYPES[kind]}`,
    },
  ],
  createIndex: (table, index, { name, kind }) =>
    kind === 'blob'
      ? undefined
      : {
          // A long text does not fit into an index; labels do.
          sql: `CREATE INDEX IF NOT EXISTS ${doubleQuoted(index)} ON ${qualified(table, doubleQuoted)} (${
            kind === 'label' || kind === 'text' ? `left(${doubleQuoted(name)}, 200)` : doubleQuoted(name)
          })`,
        },
  holds: holdsTyped,
  encode: (kind, value) => encodeTyped(kind, value, spelling),
  time: spelling.time,
  upsert: (trx, slice) =>
    upsertArrays(trx, slice, doubleQuoted, (at) => ARRAY_TYPES[slice.columns[at]?.kind ?? 'text']),
};

function found(name: string, type: string): FoundColumn {
  const [kind, narrow] = kindOf(type);
  return { name, ...(kind === undefined ? {} : { kind }), ...(narrow ? { narrow } : {}) };
}

function kindOf(type: string): readonly [Kind | undefined, boolean?] {
  if (type === 'smallint' || type === 'integer') return ['integer', true];
  if (type === 'bigint' || /^numeric(\(\d+(,0)?\))?$/.test(type)) return ['integer'];
  if (type === 'boolean' || type === 'date') return [type];
  if (/^timestamp/.test(type)) return ['datetime', /\([012]\)/.test(type)];
  if (type === 'text' || type === 'character varying') return ['text'];
  if (/^character/.test(type)) return ['text', true];
  return [type === 'bytea' ? 'blob' : undefined];
}
