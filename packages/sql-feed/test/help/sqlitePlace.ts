import { tempFolder } from '@soar-feed/feed-testkit';
import { sqliteKnex } from './ibmTables.js';
import type { SqlPlace } from './sqlCase.js';

/** A file of its own for one test. */
export async function sqlitePlace(): Promise<SqlPlace> {
  const folder = await tempFolder();
  const file = folder.file('objects.sqlite3');
  const knex = sqliteKnex(file);
  return {
    texts: { file_name: file },
    knex,
    async dispose() {
      await knex.destroy();
      await folder.remove();
    },
  };
}
