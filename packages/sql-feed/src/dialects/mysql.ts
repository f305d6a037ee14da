import type { Dialect, FoundColumn, Kind } from './Dialect.js';
import { holdsTyped } from './holds.js';
import { qualified } from './names.js';
import { upsertList } from './bulkInsert.js';
import { encodeTyped, sqlTime } from './values.js';

const TYPES: Readonly<Record<Kind, string>> = {
  integer: 'BIGINT',
  boolean: 'TINYINT',
  date: 'DATE',
  datetime: 'DATETIME(3)',
  label: 'LONGTEXT CHARACTER SET utf8mb4',
  text: 'LONGTEXT CHARACTER SET utf8mb4',
  blob: 'LONGBLOB',
};

const spelling = { boolean: (value: boolean) => (value ? 1 : 0), time: sqlTime };

/** InnoDB: half a page of 16 KB; a text of up to 40 bytes stays in the row, whatever else is in it. */
const ROW = {
  total: 8_000,
  cost: (kind: Kind) => (['label', 'text', 'blob'].includes(kind) ? 41 : kind === 'boolean' ? 1 : 8),
};

/** MariaDB and MySQL. Times are UTC in DATETIME: TIMESTAMP ends in 2038 and moves with the session's zone. */
export const mysql: Dialect = {
  name: 'mysql',
  ibmName: 'MariaDBDialect',
  limits: { name: 64, columns: 1_017, binds: 60_000, rows: 5_000, list: 30_000, rowBudget: ROW },
  transactionalDdl: false,
  fold: (name) => name.toLowerCase(),
  quote,
  typeOf: (kind) => TYPES[kind],
  idType: 'BIGINT',
  tableOptions: ' ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4',
  keyType: (length) => `VARCHAR(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  async columnsOf(knex, { schema, name }) {
    const [rows = []] = await knex.raw<[readonly { readonly name: string; readonly type: string }[]]>(
      `SELECT column_name AS name, column_type AS type FROM information_schema.columns
       WHERE table_schema = COALESCE(?, DATABASE()) AND table_name = ? ORDER BY ordinal_position`,
      [schema ?? null, name],
    );
    return rows.length === 0 ? undefined : rows.map(({ name: column, type }) => found(column, type));
  },
  addColumns: (table, columns) => [
    {
      sql: `ALTER TABLE ${qualified(table, quote)} ${columns
        .map(({ name, kind }) => `ADD COLUMN ${quote(name)} ${TYPES[kind]}`)
        .join(', ')}`,
    },
  ],
  changeType: (table, column, kind) => [
    { sql: `ALTER TABLE ${qualified(table, quote)} MODIFY ${quote(column)} ${TYPES[kind]}` },
  ],
  createIndex: (table, index, { name, kind }) =>
    kind === 'blob'
      ? undefined
      : {
          sql: `CREATE INDEX ${quote(index)} ON ${qualified(table, quote)} (${quote(name)}${
            kind === 'label' || kind === 'text' ? '(191)' : ''
          })`,
        },
  holds: holdsTyped,
  encode: (kind, value) => encodeTyped(kind, value, spelling),
  time: sqlTime,
  upsert: (trx, slice) => upsertList(trx, slice, quote),
};

function quote(name: string): string {
  return `\`${name.replaceAll('`', '``').replaceAll('?', '\\?')}\``;
}

function found(name: string, type: string): FoundColumn {
  const [kind, narrow] = kindOf(type.toLowerCase());
  return { name, ...(kind === undefined ? {} : { kind }), ...(narrow ? { narrow } : {}) };
}

function kindOf(type: string): readonly [Kind | undefined, boolean?] {
  if (/^tinyint/.test(type)) return ['boolean'];
  if (/^(smallint|mediumint|int)/.test(type)) return ['integer', true];
  if (/^bigint|^decimal\(\d+,0\)/.test(type)) return ['integer'];
  if (type === 'date') return ['date'];
  if (/^(datetime|timestamp)/.test(type)) return ['datetime', !/^datetime\([3-6]\)/.test(type)];
  if (type === 'longtext') return ['text'];
  if (/text|char/.test(type)) return ['text', true];
  if (type === 'longblob') return ['blob'];
  return /blob|binary/.test(type) ? ['blob', true] : [undefined];
}
