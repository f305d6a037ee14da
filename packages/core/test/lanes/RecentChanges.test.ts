import { describe, expect, it } from '@jest/globals';
import { aNote, aTask } from '@soar-feed/feed-testkit';
import { INDEX_LAG_MS } from '../../src/lanes/judgeFreshness.js';
import { RecentChanges } from '../../src/lanes/RecentChanges.js';

describe('RecentChanges', () => {
  const [task, note] = [aTask().key, aNote().key];

  it('remembers when an object was brought last, however often before', () => {
    const recent = new RecentChanges();
    recent.note(task, 1_000);
    recent.note(note, 2_000);
    recent.note(task, 3_000);
    // The first change of the task is long ago, the last is not.
    recent.note(note, 2_500 + 2 * INDEX_LAG_MS);
    expect(recent.mayBeNewer(task, 3_000)).toBe(true);
    expect(recent.mayBeNewer(task, 3_001)).toBe(false);
  });

  it('forgets what is long ago behind what was brought anew', () => {
    const recent = new RecentChanges();
    recent.note(task, 1_000);
    recent.note(note, 2_000);
    recent.note(task, 2_001 + 2 * INDEX_LAG_MS);
    expect(recent.mayBeNewer(note, 0)).toBe(false);
    expect(recent.mayBeNewer(task, 2_001 + 2 * INDEX_LAG_MS)).toBe(true);
  });

  it('forgets what no search index can lag behind any more', () => {
    const recent = new RecentChanges();
    recent.note(task, 1_000);
    recent.note(note, 1_001 + 2 * INDEX_LAG_MS);
    expect(recent.mayBeNewer(task, 0)).toBe(false);
  });

  it('keeps no more than so many: any other object may then be one that was forgotten', () => {
    const recent = new RecentChanges(1_000);
    const keyOf = (objectId: number) => aNote({ objectId }).key;
    for (let id = 1; id <= 5_000; id += 1) recent.note(keyOf(id), id);
    expect(recent.size).toBe(1_000);
    expect(recent.mayBeNewer(keyOf(1), 4_000)).toBe(true);
    expect(recent.mayBeNewer(task, 4_000)).toBe(true);
    expect(recent.mayBeNewer(task, 4_001)).toBe(false);
    expect(recent.mayBeNewer(keyOf(4_500), 4_500)).toBe(true);
    expect(recent.mayBeNewer(keyOf(4_500), 4_501)).toBe(false);
  });
});
