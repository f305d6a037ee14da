import knexOf from 'knex';
import { tempFolder } from '@soar-feed/feed-testkit';
import { describeKill } from './help/describeKill.js';
import { describeSql } from './help/describeSql.js';
import type { SqlPlace } from './help/sqlCase.js';

async function place(): Promise<SqlPlace> {
  const folder = await tempFolder();
  const file = folder.file('objects.sqlite3');
  const knex = knexOf({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    pool: { min: 0, max: 1, idleTimeoutMillis: 1 },
  });
  return {
    texts: { file_name: file },
    knex,
    async dispose() {
      await knex.destroy();
      await folder.remove();
    },
  };
}

describeSql('SqlFeed on SQLite', place);
describeKill(place);
