import { describe, expect, it } from '@jest/globals';
import { PermanentError } from '@soar-feed/core';
import { aDelete, anArtifact, aNote, anIncident, aTask } from '@soar-feed/feed-testkit';
import { benches, parkedOf, ScriptedTarget, settle } from './feedBench.js';

// What hangs below an object that was deleted, or skipped.
const { bench } = benches();

it('ends the parked rows of a task with the task’s delete', async () => {
  const target = new ScriptedTarget();
  const task = aTask();
  target.answer = (event) =>
    event.key.type === 'note'
      ? new PermanentError('no', { code: 'refused' })
      : { status: 'delivered', change: 'deleted' };
  const made = bench(target);
  await made.feed.start();
  await made.feed.accept(aNote({ parent: task.key }));
  await made.feed.accept(aNote({ objectId: 999 }));
  await made.feed.accept(aDelete(task));
  await settle();
  expect((await parkedOf(made)).map((row) => row.key.objectId)).toEqual([999]);
});

it('makes nothing again that went with its incident: neither from a row already in line, nor from a message that came twice', async () => {
  const target = new ScriptedTarget();
  const made = bench(target);
  await made.feed.start();
  const incident = anIncident();
  const [note, late] = [aNote(), aNote({ objectId: 421 })];
  await made.feed.accept(incident);
  await made.feed.accept(note);
  await made.parking.park(aDelete(incident), { state: 'deferred' });
  await made.parking.park(late, { state: 'deferred' });
  made.rebuilt.set('incident/2100', aDelete(incident)).set('note/421', late);
  // Both are in the lane before the first of them is delivered.
  for (const row of await made.parking.deferred()) await made.back.bring(row);
  await settle();
  expect(await made.feed.accept(note)).toMatchObject({ outcome: 'superseded' });
  // Nor is an object delivered that was never seen before and came late, whichever way it came.
  for (const [at, origin] of (['queue', 'reload', 'replay'] as const).entries()) {
    const stray = aNote({ objectId: 500 + at, origin });
    expect(await made.feed.accept(stray)).toMatchObject({ outcome: 'superseded' });
  }
  expect(target.seen).toEqual(['2100/incident/2100@1', '2100/note/420', 'delete 2100/incident/2100']);
  expect(await parkedOf(made)).toEqual([]);
});

describe('an artifact whose parent artifact is gone', () => {
  const above = anArtifact({ objectId: 520 });
  const stale = anArtifact({ parent: above.key });

  /** The target has everything but the artifact above. */
  const withoutIt = (): ScriptedTarget => {
    const target = new ScriptedTarget();
    target.answer = ({ key, parent }) => {
      if (parent?.objectId === 520) return { status: 'waiting', on: parent };
      return key.objectId === 520 ? { status: 'skipped', reason: 'gone' } : { status: 'delivered', change: 'created' };
    };
    return target;
  };

  it.each(['was skipped', 'was deleted'])('is read again: it lives on without it (%s)', async (how) => {
    const made = bench(withoutIt());
    await made.feed.start();
    await made.feed.accept(how === 'was deleted' ? aDelete(above) : above);
    made.reread.answer = anArtifact();
    expect(await made.feed.accept(stale)).toMatchObject({ outcome: 'delivered' });
    made.reread.answer = undefined;
    const end = { outcome: 'skipped', reason: `its artifact 520 ${how}` };
    expect(await made.feed.accept(anArtifact({ objectId: 531, parent: above.key }))).toMatchObject(end);
  });

  it('is brought back when it waits for a parent that nobody ever saw', async () => {
    const made = bench(withoutIt());
    await made.feed.start();
    made.rebuilt.set('artifact/530', stale);
    await made.feed.accept(stale);
    made.reread.answer = anArtifact();
    made.back.start();
    for (let quarter = 0; quarter < 12; quarter += 1) {
      await made.clock.advance(250);
      await settle();
    }
    const stopped = made.back.stop();
    await made.clock.advance(250);
    await stopped;
    expect(await parkedOf(made)).toEqual([]);
    expect(made.feed.status().counts).toMatchObject({ delivered: 1, skipped: 0 });
  });

  it.each(['was skipped', 'was deleted'])('waits for it if it has a row by now (%s)', async (how) => {
    const made = bench(withoutIt());
    await made.feed.start();
    await made.feed.accept(how === 'was deleted' ? aDelete(above) : above);
    await made.parking.park(above, { state: 'failed', code: 'refused', message: 'no', attempts: 1 });
    made.reread.answer = stale;
    expect(await made.feed.accept({ ...stale, origin: 'replay' })).toMatchObject({ outcome: 'parked' });
    expect(await parkedOf(made)).toHaveLength(2);
  });

  it('is deleted all the same if it was skipped by an earlier process, once it was shown to the target again', async () => {
    const target = new ScriptedTarget();
    let isKnown = false;
    target.answer = ({ key, parent }) => {
      if (key.objectId === 520) {
        isKnown = true;
        return { status: 'skipped', reason: 'not supported' };
      }
      return parent !== undefined && !isKnown
        ? { status: 'waiting', on: parent }
        : { status: 'delivered', change: 'deleted' };
    };
    const made = bench(target);
    await made.store.settlements.settle({
      ...{ feed: made.feed.name, key: above.key, eventId: 'earlier', outcome: 'skipped', deleted: false },
    });
    await made.feed.start();
    made.reread.answer = undefined;
    const gone = aDelete(stale);
    expect(await made.feed.accept(gone)).toMatchObject({ outcome: 'parked', reason: 'waiting for artifact 520' });
    made.rebuilt.set(`artifact/${stale.key.objectId}`, { ...gone, origin: 'replay' });
    await made.feed.accept(above);
    await settle();
    expect(target.seen.at(-1)).toBe(`delete 2100/artifact/${stale.key.objectId}`);
    expect(await parkedOf(made)).toEqual([]);
  });

  it('is deleted all the same if that parent is gone at the source, too', async () => {
    const target = withoutIt();
    const made = bench(target);
    await made.feed.start();
    const gone = aDelete(stale);
    made.rebuilt.set(`artifact/${stale.key.objectId}`, { ...gone, origin: 'replay' });
    made.reread.answer = undefined;
    expect(await made.feed.accept(gone)).toMatchObject({ outcome: 'parked', reason: 'waiting for artifact 520' });
    made.back.start();
    for (let quarter = 0; quarter < 12; quarter += 1) {
      await made.clock.advance(250);
      await settle();
    }
    const stopped = made.back.stop();
    await made.clock.advance(250);
    await stopped;
    expect(target.seen).toEqual(Array.from({ length: 2 }, () => `delete 2100/artifact/${stale.key.objectId}`));
    expect(await parkedOf(made)).toEqual([]);
    expect(made.feed.status().counts).toMatchObject({ delivered: 1, skipped: 0 });
  });

  it('is skipped where it still names that parent', async () => {
    const made = bench(withoutIt());
    await made.feed.start();
    await made.feed.accept(above);
    made.reread.answer = stale;
    expect(await made.feed.accept(stale)).toMatchObject({ outcome: 'skipped' });
  });
});

it('makes no reply again that went with its deleted note, parked or late', async () => {
  const target = new ScriptedTarget();
  const made = bench(target);
  await made.feed.start();
  const note = aNote();
  const reply = (objectId: number) => ({ ...aNote({ objectId }), parent: note.key });
  await made.parking.park(reply(421), { state: 'waiting', on: note.key });
  await made.feed.accept(note);
  await settle();
  target.seen.length = 0;
  await made.parking.park(reply(422), { state: 'failed', code: 'busy', message: 'busy', attempts: 8 });
  made.rebuilt.set('note/422', reply(422));
  await made.feed.accept(aDelete(note));
  await settle();
  for (const row of await made.parking.deferred()) await made.back.bring(row);
  await settle();
  expect(await parkedOf(made)).toEqual([]);
  await made.feed.accept(reply(423));
  // Nothing says that the target holds them, nor that it does not: a delete is safe.
  const deleted = [420, 422, 423, 424].map((id) => `delete 2100/note/${id}`);
  expect(target.seen).toEqual(deleted.slice(0, 3));
  // Of a reply below that one, a search index still tells after its parent has left it.
  await made.feed.accept({ ...reply(424), parent: reply(423).key, origin: 'reload' });
  expect(target.seen).toEqual(deleted);
});

it('deletes a reply whose delete stood parked behind that of its note: the target may have kept it', async () => {
  const target = new ScriptedTarget();
  const made = bench(target);
  await made.feed.start();
  const note = aNote();
  const reply = { ...aNote({ objectId: 421 }), parent: note.key };
  for (const event of [note, reply]) {
    await made.feed.accept(event);
    await made.parking.park(event, { state: 'deferred' });
  }
  // Each takes the place of its object's row: the note comes first, although the reply was asked for first.
  for (const event of [reply, note]) {
    await made.parking.park(aDelete(event), { state: 'deferred' });
    made.rebuilt.set(`note/${event.key.objectId}`, aDelete(event, { origin: 'replay' }));
  }
  target.seen.length = 0;
  for (const row of await made.parking.deferred()) await made.back.bring(row);
  await settle();
  expect(target.seen).toEqual(['delete 2100/note/420', 'delete 2100/note/421']);
  expect(await parkedOf(made)).toEqual([]);
});

it.each(['the queue', 'a row'])('makes nothing of the first word of a note whose task is gone, by %s', async (by) => {
  const target = new ScriptedTarget();
  const made = bench(target);
  await made.feed.start();
  const task = aTask();
  const note = aNote({ parent: task.key, payload: { task_id: task.key.objectId } });
  await made.feed.accept(aDelete(task));
  if (by === 'a row') {
    await made.parking.park(note, { state: 'deferred' });
    made.rebuilt.set('note/420', { ...note, origin: 'replay' });
    for (const row of await made.parking.deferred()) await made.back.bring(row);
    await settle();
  } else expect(await made.feed.accept(note)).toMatchObject({ outcome: 'superseded' });
  expect(target.seen).toEqual(['delete 2100/task/310']);
  expect(await parkedOf(made)).toEqual([]);
});

it('a note waits for its task that was skipped before the incident was delivered, and is skipped with it after that', async () => {
  const target = new ScriptedTarget();
  const task = aTask();
  const note = (objectId: number) =>
    aNote({ objectId, parent: task.key, payload: { task_id: task.key.objectId }, origin: 'replay' });
  target.answer = ({ key }) => {
    if (key.type === 'note') return { status: 'waiting', on: task.key };
    return key.type === 'task' ? { status: 'skipped', reason: 'filtered' } : { status: 'delivered', change: 'created' };
  };
  const made = bench(target);
  await made.feed.start();
  await made.feed.accept(task);
  expect(await made.feed.accept(note(421))).toMatchObject({ outcome: 'skipped', reason: 'its task 310 was skipped' });
  await made.feed.accept(anIncident());
  expect(await made.feed.accept(note(422))).toMatchObject({ outcome: 'parked' });
  await made.feed.accept(aTask({ id: 'again' }));
  await settle();
  expect(await parkedOf(made)).toEqual([]);
});
