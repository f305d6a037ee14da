import { describe, expect, it } from '@jest/globals';
import type { ParkReason } from '@soar-feed/core';
import { endedWith, ENDINGS, rearmed, rowName, whyInDoubt } from '../../src/parking/endings.js';

const key = { orgId: 201, incidentId: 7, type: 'note', objectId: 70 };

describe('how a parked row ends without a delivery of its own', () => {
  it('is said by every store in the same words', () => {
    expect(ENDINGS).toEqual({
      replaced: { outcome: 'superseded', reason: 'replaced by a newer snapshot' },
      doubtful: {
        outcome: 'superseded',
        reason: 'the object will be read again: another snapshot of it is parked',
      },
      removed: { outcome: 'dropped', reason: 'removed' },
    });
    expect(endedWith(key)).toEqual({ outcome: 'skipped', reason: 'its note 70 was deleted' });
  });

  it('in doubt: what was given up is tried again, and everything else stays as it was', () => {
    const reasons: ParkReason[] = [
      { state: 'undecided', message: 'm' },
      { state: 'waiting', on: key },
      { state: 'resync' },
    ];
    for (const why of reasons) expect(whyInDoubt(why)).toEqual({ ...why, replaces: true });
    const again = { state: 'deferred', replaces: true };
    expect(whyInDoubt({ state: 'failed', code: 'c', message: 'm', attempts: 1 })).toEqual(again);
    expect(whyInDoubt({ state: 'deferred' })).toEqual(again);
  });

  it('a row’s name is one feed’s and one object’s alone', () => {
    const names = [
      rowName('a', key),
      rowName('b', key),
      rowName('a', { ...key, objectId: 71 }),
      rowName('a', { ...key, incidentId: 8 }),
      rowName('a', { ...key, orgId: 202 }),
      rowName('a', { ...key, type: 'task' }),
      rowName('a","201', key),
    ];
    expect(new Set(names).size).toBe(names.length);
    expect(rowName('a', { ...key })).toBe(rowName('a', key));
  });
});

it.each<[string, ParkReason, ParkReason]>([
  ['undecided', { state: 'undecided', message: 'm' }, { state: 'deferred', decided: true }],
  [
    'deleted at the destination',
    { state: 'failed', code: 'target-missing', message: 'm', attempts: 1 },
    { state: 'deferred', decided: true },
  ],
  ['decided before', { state: 'deferred', decided: true }, { state: 'deferred', decided: true }],
  ['failed otherwise', { state: 'failed', code: 'c', message: 'm', attempts: 1 }, { state: 'deferred' }],
])('a row that is put back in line by hand, and was %s', (_name, why, next) => {
  expect(rearmed(why)).toEqual(next);
});
