import type { Dialect, Statement, TableName } from './Dialect.js';
import { qualified } from './names.js';

export interface NewColumn {
  readonly name: string;
  /** As SQL, with NOT NULL where it is meant. */
  readonly type: string;
}

export function createTable(
  { quote, tableOptions }: Dialect,
  table: TableName,
  columns: readonly NewColumn[],
  key: readonly string[],
  /** As SQL. */
  constraints: readonly string[] = [],
): Statement {
  const parts = columns.map(({ name, type }) => `${quote(name)} ${type}`);
  const primary = `PRIMARY KEY (${key.map(quote).join(', ')})`;
  return {
    sql: `CREATE TABLE ${qualified(table, quote)} (${[...parts, primary, ...constraints].join(', ')})${tableOptions}`,
  };
}
