import { compareStamps, isOlder, snapshotOf, stampOf } from '@soar-feed/core';
import type { FeedEvent, Stamp } from '@soar-feed/core';
import { aDelete, anArtifact, anIncident, aNote, aRow, aTask } from '@soar-feed/feed-testkit';
import { describe, expect, it } from '@jest/globals';

describe('stampOf', () => {
  it.each<[string, FeedEvent, Stamp]>([
    ['an incident by its vers', anIncident({ payload: { vers: 7 } }), { kind: 'vers', value: 7 }],
    [
      'a row by its version, whatever its table is called',
      aRow({ payload: { version: 3 } }),
      { kind: 'version', value: 3 },
    ],
    ['a note by its change', aNote({ payload: { modify_date: 9 } }), { kind: 'modify_date', value: 9 }],
    [
      'an artifact by its change',
      anArtifact({ payload: { last_modified_time: 8 } }),
      { kind: 'last_modified_time', value: 8 },
    ],
    ['a task by its message', aTask({ observedAtMs: 5 }), { kind: 'broker', value: 5 }],
    ['a task that was read', aTask({ observedAtMs: 5, origin: 'reload' }), { kind: 'read', value: 5 }],
    ['a delete, which brings no version', aDelete(anIncident(), { observedAtMs: 6 }), { kind: 'broker', value: 6 }],
    [
      'an incident without a usable vers',
      anIncident({ payload: { vers: '7' }, observedAtMs: 4 }),
      { kind: 'broker', value: 4 },
    ],
  ])('%s', (_name, event, stamp) => {
    expect(stampOf(event)).toEqual(stamp);
  });
});

describe('compareStamps', () => {
  const vers = (value: number): Stamp => ({ kind: 'vers', value });

  it('orders stamps of one kind, and no others', () => {
    expect(compareStamps(vers(1), vers(2))).toBe(-1);
    expect(compareStamps(vers(2), vers(2))).toBe(0);
    expect(compareStamps(vers(3), vers(2))).toBe(1);
    expect(compareStamps(vers(1), { kind: 'version', value: 2 })).toBeUndefined();
  });
});

describe('isOlder', () => {
  const older = (a: FeedEvent, b: FeedEvent) => isOlder(snapshotOf(a), snapshotOf(b));

  it('goes by the stamp, even against the clock', () => {
    const before = anIncident({ payload: { vers: 1 }, observedAtMs: 2_000 });
    const after = anIncident({ payload: { vers: 2 }, observedAtMs: 1_000 });
    expect([older(before, after), older(after, before), older(after, after)]).toEqual([true, false, false]);
  });

  it('goes by the clock where stamps do not compare', () => {
    const message = aTask({ observedAtMs: 1_000 });
    const read = aTask({ observedAtMs: 1_001, origin: 'reload' });
    expect([older(message, read), older(read, message)]).toEqual([true, false]);
  });

  it('holds a delete for final', () => {
    const gone = aDelete(aTask(), { observedAtMs: 1 });
    const late = aTask({ observedAtMs: 9_000 });
    expect([older(late, gone), older(gone, late)]).toEqual([true, false]);
  });
});
