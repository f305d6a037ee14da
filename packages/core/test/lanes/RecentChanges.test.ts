import { anIncident, aTask } from '@soar-feed/feed-testkit';
import { describe, expect, it } from '@jest/globals';
import { INDEX_LAG_MS } from '../../src/lanes/judgeFreshness.js';
import { RecentChanges } from '../../src/lanes/RecentChanges.js';

const { key } = aTask();
const other = anIncident({ incidentId: 77 }).key;

describe('what the queue brought lately', () => {
  it('may be newer than what was read up to that moment, and not than what was read later', () => {
    const changes = new RecentChanges();
    changes.note(key, 1_000);
    expect([999, 1_000, 1_001].map((asOfMs) => changes.mayBeNewer(key, asOfMs))).toEqual([true, true, false]);
    expect(changes.mayBeNewer(other, 0)).toBe(false);
  });

  it('counts by its last coming', () => {
    const changes = new RecentChanges();
    changes.note(key, 1_000);
    changes.note(other, 2_000);
    changes.note(key, 3_000);
    expect(changes.mayBeNewer(key, 3_000)).toBe(true);
  });

  it('is forgotten after twice the time that an index may lag, and no earlier', () => {
    const changes = new RecentChanges();
    changes.note(key, 0);
    changes.note(other, 2 * INDEX_LAG_MS);
    expect(changes.mayBeNewer(key, 0)).toBe(true);
    changes.note(other, 2 * INDEX_LAG_MS + 1);
    expect(changes.mayBeNewer(key, 0)).toBe(false);
    expect(changes.mayBeNewer(other, 0)).toBe(true);
  });

  it('is forgotten from the oldest on, though it came again', () => {
    const changes = new RecentChanges();
    const third = aTask({ objectId: 999 }).key;
    changes.note(key, 0);
    changes.note(other, 1);
    changes.note(key, 2 * INDEX_LAG_MS);
    changes.note(third, 2 * INDEX_LAG_MS + 2);
    expect([key, other, third].map((one) => changes.mayBeNewer(one, 0))).toEqual([true, false, true]);
  });
});
