import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { expect, it } from '../../runner/jestLike.js';
import { aDelete, anArtifact, anIncident, aNote, aRow, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../StoreSubject.js';

const FEED = 'replica';

export function removeScenarios(subject: StoreSubject): void {
  const park = (event: FeedEvent, feed = FEED) => subject.store.parked.park(feed, event, { state: 'deferred' });
  const revisionOf = async (key: ObjectKey) => (await subject.store.parked.find(FEED, key))?.revision ?? Number.NaN;
  const left = async () => {
    const names = [];
    for await (const { feed, key } of subject.store.parked.list({}))
      names.push(`${feed === FEED ? '' : `${feed}:`}${key.type}-${key.objectId}`);
    return names;
  };

  it('removes a row at the revision the caller saw, once', async () => {
    const { key } = aTask();
    await park(aTask());
    const revision = await revisionOf(key);
    expect(await subject.store.parked.remove('other', key, revision)).toBe(false);
    expect(await subject.store.parked.remove(FEED, key, revision)).toBe(true);
    expect(await subject.store.parked.remove(FEED, key, revision)).toBe(false);
    expect(await left()).toEqual([]);
  });

  it('leaves a row that was replaced meanwhile', async () => {
    const { key } = aTask();
    await park(aTask({ observedAtMs: 1_000 }));
    const seen = await revisionOf(key);
    await park(aTask({ observedAtMs: 2_000, payload: { name: 'newer' } }));
    expect(await subject.store.parked.remove(FEED, key, seen)).toBe(false);
    expect((await subject.store.parked.find(FEED, key))?.payload).toMatchObject({ name: 'newer' });
  });

  it('leaves a row that was removed and parked anew meanwhile', async () => {
    const { key } = aTask();
    await park(aTask());
    const seen = await revisionOf(key);
    await subject.store.parked.remove(FEED, key, seen);
    await park(aTask());
    expect(await subject.store.parked.remove(FEED, key, seen)).toBe(false);
    expect(await left()).toEqual(['task-310']);
  });

  it('removes all objects of an incident, and its resync, but not the incident', async () => {
    const incident = anIncident();
    await park(incident);
    await park(aTask());
    await park(aNote({ parent: aTask().key }));
    await park(aRow());
    await park(anArtifact({ incidentId: 2101 }));
    await park(anArtifact({ orgId: 202 }));
    await park(aTask(), 'other');
    const settlement = { feed: FEED, key: incident.key, eventId: 'e', outcome: 'delivered', deleted: false } as const;
    await subject.store.settlements.settle({ ...settlement, resync: true });

    expect(await subject.store.parked.removeBelow(FEED, incident.key)).toBe(4);
    expect(await left()).toEqual(['incident-2100', 'artifact-530', 'artifact-530', 'other:task-310']);
  });

  it("removes a task's notes, their replies and its attachments, but neither the task nor what is another's", async () => {
    const task = aTask({ objectId: 310 });
    const note = aNote({ objectId: 1, parent: task.key });
    await park(task);
    await park(aNote({ objectId: 2, parent: note.key }));
    await park(aNote({ objectId: 3, parent: aNote({ objectId: 2 }).key }));
    await park(note);
    // Its parent note was delivered long ago; the note itself says which task it belongs to.
    await park(aNote({ objectId: 4, parent: aNote({ objectId: 99 }).key, payload: { task_id: 310 } }));
    await park(aNote({ objectId: 5, parent: aTask({ objectId: 311 }).key }));
    await park(aNote({ objectId: 6 }));
    await park(aNote({ objectId: 7, incidentId: 2101, parent: { ...task.key, incidentId: 2101 } }));
    await park(note, 'other');

    expect(await subject.store.parked.removeBelow(FEED, task.key)).toBe(4);
    expect(await left()).toEqual(['task-310', 'note-5', 'note-6', 'note-7', 'other:note-1']);
  });

  it('leaves what may outlive a deleted note or artifact: the source is asked for each', async () => {
    const note = aNote({ objectId: 1 });
    const reply = (objectId: number, to: number) => aNote({ objectId, parent: { ...note.key, objectId: to } });
    const artifact = anArtifact({ objectId: 5 });
    await park(reply(2, 1));
    await park(aDelete(reply(3, 1)));
    await park(reply(4, 3));
    await park(anArtifact({ objectId: 6, parent: artifact.key }));

    expect(await subject.store.parked.removeBelow(FEED, note.key)).toBe(0);
    expect(await subject.store.parked.removeBelow(FEED, artifact.key)).toBe(0);
    expect(await left()).toEqual(['note-2', 'note-3', 'note-4', 'artifact-6']);
  });

  it('removes nothing where nothing stands below', async () => {
    await park(aTask());
    expect(await subject.store.parked.removeBelow(FEED, aTask().key)).toBe(0);
    expect(await subject.store.parked.removeBelow(FEED, anIncident({ incidentId: 5 }).key)).toBe(0);
    expect(await left()).toEqual(['task-310']);
  });
}
