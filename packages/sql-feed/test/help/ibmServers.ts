/** Statements by which IBM's plug-in (odbcfeed 1.1) makes its tables on servers, from the types of its own feed's file. */
import { IBM_FILE } from './ibmSample.js';
import { ibmTables, sqliteKnex } from './ibmTables.js';

const TYPES = {
  pg: { INTEGER: 'BIGINT', TEXT: 'TEXT', BOOLEAN: 'BOOLEAN', DATE: 'DATE', TIMESTAMP: 'TIMESTAMPTZ', BLOB: 'bytea' },
  mysql2: { INTEGER: 'BIGINT', TEXT: 'TEXT', BOOLEAN: 'TINYINT', DATE: 'DATE', TIMESTAMP: 'DATETIME', BLOB: 'BLOB' },
} as const;

/** The one built-in column that IBM's list of MySQL's reserved words meets. */
const RESERVED = { pg: [] as readonly string[], mysql2: ['text'] as readonly string[] };

export type ServerKind = keyof typeof TYPES;

export function ibmColumn(kind: ServerKind, column: string): string {
  return RESERVED[kind].includes(column) ? `${column}_` : column;
}

export async function ibmStatements(kind: ServerKind, prefix: string): Promise<readonly string[]> {
  const knex = sqliteKnex(IBM_FILE);
  const quote = kind === 'pg' ? '"' : '`';
  const statements: string[] = [];
  for (const table of Object.keys(await ibmTables())) {
    const place = `${quote}${prefix}${table}${quote}`;
    statements.push(`create table ${place} (id integer primary key, inc_id integer)`);
    const columns = await knex.raw<readonly { readonly name: string; readonly type: keyof (typeof TYPES)['pg'] }[]>(
      'SELECT name, type FROM pragma_table_info(?)',
      [table],
    );
    for (const { name, type } of columns) {
      if (name === 'id' || name === 'inc_id') continue;
      statements.push(`alter table ${place} add column ${ibmColumn(kind, name)} ${TYPES[kind][type]}`);
    }
  }
  await knex.destroy();
  return statements;
}
