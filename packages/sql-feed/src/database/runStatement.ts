import type { Knex } from 'knex';
import type { Statement, TableName } from '../dialects/Dialect.js';
import { toFeedError } from './faults.js';

type Runnable = Statement | Knex.QueryBuilder | Knex.Raw;

/** Runs one statement; an error names the table and, where the engine says it, the column. */
export async function runStatement<T = unknown>(
  knex: Knex,
  statement: Runnable,
  { name }: { readonly name: string },
  table: TableName,
): Promise<T> {
  try {
    return (await ('sql' in statement && typeof statement.sql === 'string'
      ? knex.raw(statement.sql, [...((statement as Statement).bindings ?? [])] as Knex.RawBinding[])
      : statement)) as T;
  } catch (error) {
    throw toFeedError(error, { name, table: table.name });
  }
}
