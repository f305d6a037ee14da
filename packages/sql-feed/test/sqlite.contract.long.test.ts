import { rename } from 'node:fs/promises';
import knexOf from 'knex';
import { describeFeedTarget, tempFolder } from '@soar-feed/feed-testkit';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sqlCase } from './help/sqlCase.js';
import type { SqlPlace } from './help/sqlCase.js';

async function place(): Promise<SqlPlace> {
  const folder = await tempFolder();
  const file = join(folder.file('data'), 'objects.sqlite3');
  await mkdir(dirname(file));
  const knex = knexOf({
    client: 'sqlite3',
    connection: { filename: file },
    useNullAsDefault: true,
    pool: { min: 0, idleTimeoutMillis: 1, max: 1 },
  });
  return {
    texts: { file_name: file },
    knex,
    async dispose() {
      await knex.destroy();
      await folder.remove();
    },
    async outage() {
      const away = `${dirname(file)}.away`;
      await rename(dirname(file), away);
      return () => rename(away, dirname(file));
    },
  };
}

const has = { outage: true, poison: true } as const;
describeFeedTarget(sqlCase({ name: 'SqlFeed on SQLite', place, has }));
describeFeedTarget(
  sqlCase({
    name: 'SqlFeed on SQLite (on_delete=mark, content=false)',
    settings: { on_delete: 'mark', content: 'false' },
    place,
    has,
  }),
);
