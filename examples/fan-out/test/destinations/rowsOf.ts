import { join } from 'node:path';
import knex from 'knex';
import type { Values } from './Shown.js';

/** The rows of a table of the reports by ascending id. */
export async function rowsOf(folder: string, table: string): Promise<readonly Values[]> {
  const database = knex({
    client: 'sqlite3',
    connection: { filename: join(folder, 'reports.sqlite3') },
    useNullAsDefault: true,
  });
  try {
    return (await database(table).select('*').orderBy('id')) as Values[];
  } finally {
    await database.destroy();
  }
}
