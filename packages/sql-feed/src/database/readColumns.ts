import type { FoundColumn, TableName } from '../dialects/Dialect.js';
import { toFeedError } from './faults.js';
import type { SqlDatabase } from './SqlDatabase.js';

/** The columns of a table as the engine's catalogue has them; `undefined`: there is no such table. */
export async function readColumns(
  { dialect, knex, name }: SqlDatabase,
  table: TableName,
): Promise<readonly FoundColumn[] | undefined> {
  try {
    return await dialect.columnsOf(knex, table);
  } catch (error) {
    throw toFeedError(error, { name, table: table.name });
  }
}
