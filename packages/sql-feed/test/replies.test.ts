import { expect, it } from '@jest/globals';
import type { SourceOrg } from '@soar-feed/core';
import { aDelete, anIncident, aNote, tempFolder } from '@soar-feed/feed-testkit';
import knex from 'knex';
import { context, delivery, makeFeed } from './help/makeFeed.js';

/** Reply 422 lives on below the frame that the platform left; 421 went. A source that is away does not say. */
const source = (isAway: boolean): Pick<SourceOrg, 'types' | 'fetch'> => ({
  types: async () => [],
  fetch: async ({ objectId }) => {
    if (isAway) throw new Error('away');
    return objectId === 422 ? { id: 422 } : undefined;
  },
});

it.each<[string, boolean, object, readonly number[]]>([
  ['takes the replies that are gone, and leaves those that live on', false, { status: 'delivered' }, [422]],
  ['is tried again while the source does not say which', true, { status: 'failed' }, [400, 421, 422]],
])('the delete of a note %s', async (_how, isAway, outcome, left) => {
  const folder = await tempFolder();
  const file = folder.file('objects.sqlite3');
  const feed = makeFeed({ class: 'SQLiteFeed', file_name: file }, { source: source(isAway) });
  await feed.open(context());
  const note = aNote({ objectId: 400 });
  const reply = (objectId: number) => aNote({ objectId, parent: note.key });
  await feed.deliverBatch([anIncident(), note, reply(421), reply(422)], delivery());
  const gone = aDelete(note);
  const children = [{ id: 421, children: [{ id: 422, children: [] }] }];
  const outcomes = await feed.deliverBatch([{ ...gone, payload: { ...gone.payload, children } }], delivery());
  expect(outcomes).toMatchObject([outcome]);
  await feed.close();
  const database = knex({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true });
  const rows: { id: number }[] = await database('note').select('id').orderBy('id');
  await database.destroy();
  expect(rows.map(({ id }) => id)).toEqual(left);
  await folder.remove();
});
