import { afterEach, describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { aDelete, anIncident, aNote, aTask, tempFolder } from '@soar-feed/feed-testkit';
import sqlite3 from 'sqlite3';
import { context, delivery, makeFeed } from './help/makeFeed.js';

const T = 1_700_000_000_000;
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function opened() {
  const folder = await tempFolder();
  const file = folder.file('objects.sqlite3');
  const feed = makeFeed({ class: 'SQLiteFeed', file_name: file });
  await feed.open(context());
  closing.push(
    () => folder.remove(),
    () => feed.close(),
  );
  const rows = (sql: string) =>
    new Promise<unknown[]>((resolve, reject) => {
      const database = new sqlite3.Database(file, sqlite3.OPEN_READONLY);
      database.all(sql, (error, found) => {
        database.close();
        if (error === null) resolve(found);
        else reject(error);
      });
    });
  const deliver = async (...events: readonly FeedEvent[]) => feed.deliverBatch(events, delivery());
  return { deliver, rows };
}

describe('a source that was restored from a backup and gives ids again', () => {
  it('an object that belongs to another incident now is not deleted with the old one', async () => {
    const { deliver, rows } = await opened();
    await deliver(anIncident({ incidentId: 2001, objectId: 2001 }), anIncident({ incidentId: 2002, objectId: 2002 }));
    const before = aNote({ incidentId: 2002, objectId: 953 });
    await deliver(before);
    await deliver(aNote({ incidentId: 2001, objectId: 953, observedAtMs: T + 60_000 }));
    const [outcome] = await deliver(aDelete(before, { observedAtMs: T + 70_000 }));
    expect(outcome).toMatchObject({ status: 'delivered', change: 'unchanged' });
    expect(await rows('SELECT id, inc_id FROM note')).toEqual([{ id: 953, inc_id: 2001 }]);
  });

  it('an object is not older than one of another incident that had its id', async () => {
    const { deliver, rows } = await opened();
    const note = { objectId: 953, payload: { modify_date: T + 90_000 } };
    await deliver(aNote({ ...note, incidentId: 2002 }), aNote({ ...note, incidentId: 2002, objectId: 954 }));
    await deliver(aDelete(aNote({ ...note, incidentId: 2002, objectId: 954 }), { observedAtMs: T + 95_000 }));
    const again = { incidentId: 2001, payload: { modify_date: T }, observedAtMs: T + 99_000 };
    await deliver(aNote({ ...again, objectId: 953 }), aNote({ ...again, objectId: 954 }));
    expect(await rows('SELECT id, inc_id FROM note ORDER BY id')).toEqual([
      { id: 953, inc_id: 2001 },
      { id: 954, inc_id: 2001 },
    ]);
  });

  it('a deleted task takes nothing of a task with it that has its id now', async () => {
    const { deliver, rows } = await opened();
    const task = aTask({ incidentId: 2001 });
    await deliver(aTask({ incidentId: 2002 }), task, aNote({ incidentId: 2001, objectId: 956, parent: task.key }));
    await deliver(aDelete(aTask({ incidentId: 2002 }), { observedAtMs: T + 70_000 }));
    expect(await rows('SELECT id FROM note')).toEqual([{ id: 956 }]);
    expect(await rows('SELECT inc_id FROM task')).toEqual([{ inc_id: 2001 }]);
  });

  it('what went with a deleted incident is written again once the incident is back', async () => {
    const { deliver, rows } = await opened();
    const incident = anIncident();
    await deliver(incident, aTask());
    await deliver(aDelete(incident));
    expect(await rows('SELECT id FROM task')).toEqual([]);
    const back: FeedEvent = { ...anIncident({ origin: 'reload', observedAtMs: T + 60_000 }), restored: true };
    const outcomes = await deliver(back, aTask({ origin: 'reload', observedAtMs: T + 60_000 }));
    expect(outcomes).toMatchObject([{ change: 'created' }, { change: 'created' }]);
    expect(await rows('SELECT id FROM task')).toHaveLength(1);
  });

  it('what went with a deleted task is written again once the task is back', async () => {
    const { deliver, rows } = await opened();
    const note = aNote({ objectId: 421, parent: aTask().key });
    await deliver(anIncident(), aTask(), note);
    await deliver(aDelete(aTask()));
    const late = await deliver(aNote({ objectId: 421, parent: aTask().key, observedAtMs: T + 50_000 }));
    expect(late).toMatchObject([{ status: 'skipped' }]);
    await deliver({ ...aTask({ observedAtMs: T + 60_000 }), restored: true });
    await deliver(aNote({ objectId: 421, parent: aTask().key, observedAtMs: T + 60_000 }));
    expect(await rows('SELECT id FROM note')).toEqual([{ id: 421 }]);
  });
});
