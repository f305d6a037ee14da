import type { FeedEvent, ParkReason } from '@soar-feed/core';
import { describe, expect, it } from '../../runner/jestLike.js';
import { aDelete, anArtifact, anIncident, aNote, aRow, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../StoreSubject.js';

const FEED = 'replica';
const DEFERRED: ParkReason = { state: 'deferred' };

/** One object twice; the second is newer by its version, although the source's clock says otherwise. */
const byVersion: readonly [string, FeedEvent, FeedEvent][] = [
  [
    'incident by vers',
    anIncident({ payload: { vers: 4 }, observedAtMs: 2_000 }),
    anIncident({ payload: { vers: 5 }, observedAtMs: 1_000 }),
  ],
  [
    'row by version',
    aRow({ payload: { version: 1 }, observedAtMs: 2_000 }),
    aRow({ payload: { version: 2 }, observedAtMs: 1_000 }),
  ],
  [
    'note by modify_date',
    aNote({ payload: { modify_date: 10 }, observedAtMs: 1_000 }),
    aNote({ payload: { modify_date: 11 }, observedAtMs: 2_000 }),
  ],
  [
    'artifact by last_modified_time',
    anArtifact({ payload: { last_modified_time: 10 }, observedAtMs: 1_000 }),
    anArtifact({ payload: { last_modified_time: 11 }, observedAtMs: 2_000 }),
  ],
];

const byStamp: typeof byVersion = [
  ...byVersion,
  ['task by the message', aTask({ observedAtMs: 1_000 }), aTask({ observedAtMs: 1_001 })],
];

export function parkScenarios(subject: StoreSubject): void {
  const park = (event: FeedEvent, why: ParkReason = DEFERRED) => subject.store.parked.park(FEED, event, why);
  const find = (event: FeedEvent) => subject.store.parked.find(FEED, event.key);

  it('keeps of an event what its replay needs', async () => {
    const note = aNote({ parent: aTask().key, workspace: 'West' });
    const why: ParkReason = { state: 'failed', code: 'http-400', message: 'name is missing', attempts: 8 };
    await park(note, why);
    expect(await find(note)).toEqual({
      feed: FEED,
      key: note.key,
      eventId: note.id,
      parent: aTask().key,
      taskId: aTask().key.objectId,
      operation: 'upsert',
      workspace: 'West',
      observedAtMs: note.observedAtMs,
      payload: note.payload,
      why,
      revision: expect.any(Number),
      place: expect.any(Number),
      parkedAtMs: expect.any(Number),
    });
    expect(await find(aTask())).toBeUndefined();
  });

  it('keeps the place and the parent of an incident, which has none', async () => {
    await park(anIncident());
    expect(await find(anIncident())).not.toHaveProperty('parent');
  });

  it('keeps odd texts as they came: lone surrogates, NUL, emoji, null, a megabyte less a bit', async () => {
    const odd = {
      text: 'a\ud800b\u0000c🦊\udfff',
      none: null,
      list: [1.5, { deep: '\u2028' }],
      long: 'x'.repeat(990_000),
    };
    const event = aTask({ payload: odd, workspace: 'W\udc00\u0000' });
    await park(event, { state: 'undecided', message: 'which?\u0000\ud800' });
    const row = await find(event);
    expect(row?.payload).toEqual(event.payload);
    expect(row?.workspace).toBe('W\udc00\u0000');
    expect(row?.why).toEqual({ state: 'undecided', message: 'which?\u0000\ud800' });
  });

  it('keeps the row without its payload when that is larger than a megabyte', async () => {
    const large = aTask({ payload: { description: 'ä'.repeat(500_000) } });
    await park(large);
    const row = await find(large);
    expect(row).toMatchObject({ key: large.key, why: DEFERRED });
    expect(row).not.toHaveProperty('payload');
  });

  it('gives a payload of its own: what a caller does to it stays with the caller', async () => {
    await park(aTask());
    Object.assign((await find(aTask()))?.payload ?? {}, { name: 'changed' });
    expect((await find(aTask()))?.payload).toEqual(aTask().payload);
  });

  it.each(byStamp)('replaces by the newer snapshot and keeps the place: %s', async (_name, older, newer) => {
    await park(older, { state: 'failed', code: 'http-500', message: 'broken', attempts: 8 });
    const before = await find(older);
    await park(aTask({ objectId: 999 }));
    await park(newer);
    const after = await find(newer);
    expect(after).toMatchObject({
      payload: newer.payload,
      observedAtMs: newer.observedAtMs,
      why: DEFERRED,
      place: before?.place,
      parkedAtMs: before?.parkedAtMs,
    });
    expect(after?.revision).toBeGreaterThan(before?.revision ?? Infinity);
  });

  it('is read again where what was observed earlier has the later date: the clock of the source was set back', async () => {
    await park(anArtifact({ payload: { last_modified_time: 10 }, observedAtMs: 2_000 }));
    await park(anArtifact({ id: 'earlier', payload: { last_modified_time: 11 }, observedAtMs: 1_000 }));
    const row = await find(anArtifact());
    expect(row).toMatchObject({ operation: 'upsert', why: DEFERRED });
    expect(row).not.toHaveProperty('payload');
  });

  it.each(byVersion)(
    'is read again where a version goes back: late, or of a restored source: %s',
    async (_name, older, newer) => {
      await park(newer, { state: 'waiting', on: aTask().key });
      const before = await find(newer);
      await park({ ...older, id: 'older' });
      const row = await find(newer);
      expect(row).toMatchObject({
        operation: 'upsert',
        eventId: newer.id,
        why: { state: 'waiting' },
        place: before?.place,
      });
      expect(row).not.toHaveProperty('payload');
      expect(row?.revision).toBeGreaterThan(before?.revision ?? Infinity);
    },
  );

  it('is read again where the stamps of two snapshots do not compare, whichever clock is ahead', async () => {
    const message = anIncident({ payload: { vers: null }, observedAtMs: 1_001 });
    for (const observedAtMs of [1_000, 1_002]) {
      await park(message);
      await park(anIncident({ id: 'read', origin: 'reload', payload: { vers: 7 }, observedAtMs }));
      expect(await find(message)).toMatchObject({ eventId: message.id });
      expect(await find(message)).not.toHaveProperty('payload');
    }
  });

  it('is read again where two messages of the same millisecond bring it: they may be parked in any order', async () => {
    const message = aTask();
    await park(message);
    await park({ ...message, id: 'other' });
    expect(await find(message)).toMatchObject({ eventId: message.id, operation: 'upsert', why: DEFERRED });
    expect(await find(message)).not.toHaveProperty('payload');
  });

  it('is tried again where it had been given up, but for a doubt, which stays a person’s', async () => {
    const [older, newer] = [4, 5].map((vers) => anIncident({ id: `vers ${vers}`, payload: { vers } })) as [
      FeedEvent,
      FeedEvent,
    ];
    await park(newer, { state: 'failed', code: 'http-400', message: 'no', attempts: 8 });
    await park(older);
    expect(await find(newer)).toMatchObject({ eventId: newer.id, why: DEFERRED });
    await park(newer, { state: 'undecided', message: 'which?' });
    await park(older);
    expect(await find(newer)).toMatchObject({ eventId: newer.id, why: { state: 'undecided' } });
  });

  it('is read again when a snapshot comes that was read earlier, by a clock that is measured again and again', async () => {
    const task = aTask({ origin: 'reload', observedAtMs: 2_000 });
    await park(task);
    await park(aTask({ id: 'late', origin: 'reload', observedAtMs: 1_000 }));
    expect(await find(task)).toMatchObject({ eventId: task.id, operation: 'upsert', why: DEFERRED });
    expect(await find(task)).not.toHaveProperty('payload');
  });

  it('is read again where the time of messages goes back: late, or a server’s clock was set', async () => {
    const task = aTask({ observedAtMs: 2_000 });
    await park(task);
    await park(aTask({ id: 'late', observedAtMs: 1_000 }));
    expect(await find(task)).toMatchObject({ eventId: task.id, operation: 'upsert' });
    expect(await find(task)).not.toHaveProperty('payload');
  });

  it('is read again where a deleted object is named again: gone, it stays a delete', async () => {
    const note = aNote({ payload: { modify_date: 50 } });
    const gone = aDelete(note);
    await park(gone);
    await park(aNote({ id: 'again', payload: { modify_date: 60 } }));
    expect(await find(note)).toMatchObject({ operation: 'upsert', eventId: gone.id });
    expect(await find(note)).not.toHaveProperty('payload');
  });

  it('stays to be read when a message comes twice, or another from before a restore: only the row’s own read ends that', async () => {
    const [restored, before, late] = [4, 5, 6].map((vers) => anIncident({ id: `vers ${vers}`, payload: { vers } })) as [
      FeedEvent,
      FeedEvent,
      FeedEvent,
    ];
    await park(before);
    await park(restored);
    for (const event of [before, late]) {
      await park(event);
      expect(await find(before)).toMatchObject({ eventId: event.id, operation: 'upsert', why: DEFERRED });
      expect(await find(before)).not.toHaveProperty('payload');
    }
    const { revision = NaN } = (await find(before)) ?? {};
    const read = { ...restored, id: late.id };
    await subject.store.parked.park(FEED, read, { state: 'waiting', on: aTask().key }, revision);
    expect(await find(before)).toMatchObject({ payload: { vers: 4 }, why: { state: 'waiting' } });
  });

  it('is left as it is by an event that was brought back from the row as it stood before', async () => {
    const note = aNote({ payload: { modify_date: 50 } });
    await park(note);
    const { revision = NaN } = (await find(note)) ?? {};
    await park(aNote({ id: 'older', payload: { modify_date: 40, is_deleted: true } }));
    const doubted = await find(note);
    const waiting: ParkReason = { state: 'waiting', on: aTask().key };
    await subject.store.parked.park(FEED, note, waiting, revision);
    expect(await find(note)).toEqual(doubted);
    expect(await subject.store.outcomes.find(FEED, note.id)).toMatchObject({ outcome: 'parked' });
    await subject.store.parked.park(FEED, note, waiting, doubted?.revision);
    expect(await find(note)).toMatchObject({ payload: note.payload, why: waiting, place: doubted?.place });
  });

  it('replaces the reason when the same snapshot is parked again', async () => {
    const task = aTask();
    await park(task);
    const before = await find(task);
    await park(task, { state: 'failed', code: 'http-400', message: 'no', attempts: 1 });
    expect(await find(task)).toMatchObject({ why: { state: 'failed' }, place: before?.place });
  });

  it('replaces a snapshot by its delete', async () => {
    const note = aNote({ payload: { modify_date: 50 } });
    const gone = aDelete(note, { observedAtMs: note.observedAtMs - 1 });
    await park(note);
    await park(gone);
    expect(await find(note)).toMatchObject({ operation: 'delete', payload: gone.payload });
  });

  it('gives the revision of the row that holds the event', async () => {
    const [older, newer] = [aTask({ id: 'older', observedAtMs: 1_000 }), aTask({ id: 'newer', observedAtMs: 2_000 })];
    expect(await park(older)).toBe((await find(older))?.revision);
    const revision = await park(newer);
    expect(revision).toBe((await find(newer))?.revision);
    // An event that finds a newer snapshot in the row has no revision.
    expect(await park(older)).toBeUndefined();
    expect(await find(newer)).toMatchObject({ eventId: 'newer' });
  });

  describe('with the revision of the row that the event holds', () => {
    const event = aNote({ id: 'ours', payload: { modify_date: 50 } });
    const failed: ParkReason = { state: 'failed', code: 'http-400', message: 'no', attempts: 8 };
    const held = async (): Promise<number> => (await park(event)) ?? Number.NaN;
    const late = (revision: number) => subject.store.parked.park(FEED, event, failed, revision);

    it('changes that row', async () => {
      const revision = await late(await held());
      expect(await find(event)).toMatchObject({ why: failed, revision });
    });

    it('leaves one alone that holds an equal snapshot of another event', async () => {
      const revision = await held();
      await park({ ...event, id: 'other', observedAtMs: event.observedAtMs + 1 });
      expect(await late(revision)).toBeUndefined();
      expect(await find(event)).toMatchObject({ eventId: 'other', why: DEFERRED });
      expect(await subject.store.outcomes.find(FEED, 'other')).toMatchObject({ outcome: 'parked' });
      expect(await subject.store.outcomes.find(FEED, 'ours')).toMatchObject({ outcome: 'superseded' });
    });

    it('leaves one alone that was put back in line', async () => {
      const revision = await held();
      await subject.store.parked.rearm(FEED, event.key, revision);
      expect(await late(revision)).toBeUndefined();
      const row = await find(event);
      expect(row).toMatchObject({ eventId: 'ours', why: DEFERRED });
      expect(row).not.toHaveProperty('payload');
    });

    it('makes none where it was removed', async () => {
      const revision = await held();
      await subject.store.parked.remove(FEED, event.key, revision);
      expect(await late(revision)).toBeUndefined();
      expect(await find(event)).toBeUndefined();
      expect(await subject.store.outcomes.find(FEED, 'ours')).toMatchObject({ outcome: 'dropped' });
    });
  });

  it('keeps one row per feed and object', async () => {
    await subject.store.parked.park('other', aTask({ payload: { name: 'theirs' } }), DEFERRED);
    await park(aTask({ payload: { name: 'ours' } }));
    await park(aTask({ objectId: 311 }));
    await park(anArtifact({ objectId: 310 }));
    await park(aTask({ orgId: 202 }));
    expect((await subject.store.parked.find('other', aTask().key))?.payload).toMatchObject({ name: 'theirs' });
    expect((await find(aTask()))?.payload).toMatchObject({ name: 'ours' });
    expect(await subject.store.parked.takeDeferred(FEED, 100)).toHaveLength(4);
  });
}
