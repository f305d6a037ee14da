import { plain } from './plain.js';

/** What a statement takes for a `?`. */
export type Value = string | number | boolean | null;

/**
 * SQL that is sent per event, past the query builder: `??` stands for its table, `?` for a value. On SQLite it is prepared
 * once per connection. On PostgreSQL it is not: behind a pooler, the next transaction may get another session.
 */
export interface Statement {
  readonly table: string;
  readonly sqlite: string;
  readonly postgres: string;
}

/** Sends statements on one connection, or inside one transaction. */
export interface Statements {
  /** The number of rows that were changed. */
  run(statement: Statement, ...values: readonly Value[]): Promise<number>;
  all<Row>(statement: Statement, ...values: readonly Value[]): Promise<readonly Row[]>;
}

/** One text for both dialects, or one for each. */
export function statementOn(
  table: string,
  sql: string | { readonly sqlite: string; readonly postgres: string },
): Statement {
  const { sqlite, postgres } = typeof sql === 'string' ? { sqlite: sql, postgres: sql } : sql;
  return { table, sqlite: sqlite.replaceAll('??', `"${table}"`), postgres };
}

/** Types as PostgreSQL names them; SQLite takes what the value is. */
export type Columns = Readonly<Record<string, 'text' | 'bigint' | 'double precision' | 'boolean'>>;

/**
 * A statement about any number of rows, which `rowsText` makes its one value: the cost of a statement hardly depends on
 * its rows, and what is prepared must not depend on their number. `sql` gets a SELECT of the rows, in their order.
 */
export function rowsStatement(table: string, columns: Columns, sql: (rows: string) => string): Statement {
  const named = Object.entries(columns);
  const values = (cast: (value: string, type: string) => string): string =>
    named.map(([name, type], at) => `${cast(`(value ->> ${at})`, type)} AS ${name}`).join(', ');
  // WHERE: without it SQLite takes the ON of an ON CONFLICT for that of a join.
  const sqlite = `SELECT ${values((value) => value)} FROM json_each(?) WHERE true`;
  const postgres = `SELECT ${values((value, type) => `${value}::${type}`)} FROM json_array_elements(?::json) AS given(value)`;
  return statementOn(table, { sqlite: sql(sqlite), postgres: sql(postgres) });
}

/** JSON escapes only these, and control characters, which every database accepts. */
const UNACCEPTED = /\\u(0000|d[89a-f])/;

/** The rows of a `rowsStatement`, the values of each in the order of its columns. */
export function rowsText(rows: readonly (readonly Value[])[]): string {
  const text = JSON.stringify(rows);
  if (!UNACCEPTED.test(text)) return text;
  return JSON.stringify(rows.map((row) => row.map((value) => (typeof value === 'string' ? plain(value) : value))));
}
