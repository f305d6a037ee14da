import { compareStamps, snapshotOf, stampOf } from '@soar-feed/core';
import type { FeedEvent, Stamp } from '@soar-feed/core';
import { aDelete, anArtifact, anIncident, aNote, aRow, aTask } from '@soar-feed/feed-testkit';
import { describe, expect, it } from '@jest/globals';
import { compareParked } from '../../src/lanes/freshness.js';

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

describe('compareParked', () => {
  const compare = (next: FeedEvent, standing: FeedEvent) => compareParked(snapshotOf(next), snapshotOf(standing));
  const [older, newer] = [1, 2].map((vers) => anIncident({ payload: { vers }, observedAtMs: 3 - vers })) as [
    FeedEvent,
    FeedEvent,
  ];
  const [message, later] = [1, 2].map((observedAtMs) => aTask({ observedAtMs })) as [FeedEvent, FeedEvent];
  const read = aTask({ observedAtMs: 2, origin: 'reload' });
  const dated = anArtifact({ payload: { last_modified_time: 8 }, observedAtMs: 2 });
  const gone = aDelete(aTask(), { observedAtMs: 1 });

  it.each<[string, FeedEvent, FeedEvent, ReturnType<typeof compareParked>]>([
    ['a newer version, even against the clock', newer, older, 'replaces'],
    ['the same version', newer, newer, 'replaces'],
    ['an older version: late, or of a restored source', older, newer, 'doubtful'],
    ['a later date', anArtifact({ payload: { last_modified_time: 9 }, observedAtMs: 3 }), dated, 'replaces'],
    [
      'a later date that was observed earlier: the clock of the source was set back',
      anArtifact({ payload: { last_modified_time: 9 }, observedAtMs: 1, origin: 'reload' }),
      dated,
      'doubtful',
    ],
    ['a newer message of what has no version', later, message, 'replaces'],
    ['another message of the same millisecond', message, message, 'doubtful'],
    ['another change of the same millisecond, by its date', dated, dated, 'doubtful'],
    ['the same date, observed later', { ...dated, observedAtMs: 3 }, dated, 'replaces'],
    ['an older message of what has no version: late, or a clock was set back', message, later, 'doubtful'],
    [
      'what was read earlier, as the clock was measured',
      aTask({ observedAtMs: 1, origin: 'reload' }),
      read,
      'doubtful',
    ],
    ['what was read later', aTask({ observedAtMs: 3, origin: 'reload' }), read, 'replaces'],
    ['what was read beside a message, whichever clock is ahead', read, message, 'doubtful'],
    ['a message beside what was read', message, read, 'doubtful'],
    ['a delete', gone, later, 'replaces'],
    ['a delete again, by another door', aDelete(aTask(), { origin: 'reload' }), gone, 'replaces'],
    ['what speaks of a deleted object', later, gone, 'doubtful'],
  ])('%s', (_name, next, standing, verdict) => {
    expect(compare(next, standing)).toBe(verdict);
  });
});
