import { copyFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { tempFolder } from '@soar-feed/feed-testkit';
import { sampleEvents, sampleTypes, IBM_FILE } from './help/ibmSample.js';
import { ibmTables, sqliteKnex } from './help/ibmTables.js';
import { context, delivery, makeFeed } from './help/makeFeed.js';

const source = { types: async () => sampleTypes, fetch: async () => undefined };

async function fed(file: string): Promise<void> {
  const feed = makeFeed({ class: 'SQLiteFeed', file_name: file }, { source });
  await feed.open(context());
  const outcomes = await feed.deliverBatch(sampleEvents(), delivery());
  await feed.close();
  expect(outcomes.map(({ status }) => status)).toEqual(sampleEvents().map(() => 'delivered'));
}

async function columnsIn(file: string): Promise<unknown> {
  const knex = sqliteKnex(file);
  const rows = await knex.raw<readonly { readonly t: string; readonly c: string; readonly type: string }[]>(
    `SELECT m.name AS t, p.name AS c, p.type AS type FROM sqlite_master m, pragma_table_info(m.name) p
     WHERE m.type = 'table' AND m.name NOT LIKE 'soar\\_feed\\_%' ESCAPE '\\' ORDER BY t, c`,
  );
  await knex.destroy();
  return rows.map(({ t, c, type }) => `${t}.${c} ${type.toUpperCase()}`);
}

describe('what IBM’s SQLite feed made of the same answers', () => {
  it('is what ours makes: tables, columns, types and values', async () => {
    const folder = await tempFolder();
    await fed(folder.file('ours.sqlite3'));
    expect(await ibmTables(folder.file('ours.sqlite3'))).toEqual(await ibmTables());
    expect(await columnsIn(folder.file('ours.sqlite3'))).toEqual(await columnsIn(IBM_FILE));
    await folder.remove();
  });

  it('is continued in a copy of IBM’s file, without a difference', async () => {
    const folder = await tempFolder();
    const file = folder.file('theirs.sqlite3');
    await copyFile(IBM_FILE, file);
    await fed(file);
    expect(await ibmTables(file)).toEqual(await ibmTables());
    expect(await columnsIn(file)).toEqual(await columnsIn(IBM_FILE));
    await folder.remove();
  });
});
