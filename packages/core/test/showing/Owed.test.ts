import { describe, expect, it } from '@jest/globals';
import { Owed } from '../../src/showing/Owed.js';

const idle = (): boolean => false;
const ids = (owed: Owed, nowMs: number, limit = 10): number[] =>
  owed.take(nowMs, limit, idle).map(({ incidentId }) => incidentId);

describe('which incidents are looked at, and when', () => {
  it('takes one that has rested, once for all that happened', () => {
    const owed = new Owed();
    for (let at = 0; at < 10; at++) owed.add(1, at * 1_000, 'mirror');
    expect(ids(owed, 11_999)).toEqual([]);
    const [look] = owed.take(12_000, 10, idle);
    expect([...(look?.changedAtMs ?? [])]).toEqual([['mirror', 9_000]]);
    expect(owed.size).toBe(0);
  });

  it('takes one that never rests after a minute', () => {
    const owed = new Owed();
    for (let at = 0; at < 60; at++) owed.add(1, at * 1_000);
    expect(ids(owed, 59_999)).toEqual([]);
    expect(ids(owed, 60_000)).toEqual([1]);
  });

  it('begins anew when the clock was set back: neither at once nor only when it has caught up', () => {
    const owed = new Owed();
    owed.add(1, 86_400_000);
    expect(ids(owed, 10_000)).toEqual([]);
    expect(ids(owed, 12_999)).toEqual([]);
    expect(ids(owed, 13_000)).toEqual([1]);
  });

  it('leaves those under way, and takes no more than asked for', () => {
    const owed = new Owed();
    for (const id of [1, 2, 3]) owed.add(id, 0);
    expect(owed.take(5_000, 1, (id) => id === 1).map(({ incidentId }) => incidentId)).toEqual([2]);
    expect(ids(owed, 5_000)).toEqual([1, 3]);
  });

  it('puts one back until its time, or until something happens; nothing that happened meanwhile is forgotten', () => {
    const owed = new Owed();
    owed.add(1, 0, 'mirror');
    const [look] = owed.take(3_000, 1, idle);
    if (look === undefined) throw new Error('nothing was taken');
    owed.putBack(look, 60_000);
    expect(ids(owed, 59_999)).toEqual([]);
    owed.add(1, 30_000, 'other');
    const [again] = owed.take(33_000, 1, idle);
    expect([...(again?.changedAtMs ?? [])]).toEqual([
      ['mirror', 0],
      ['other', 30_000],
    ]);
    owed.add(1, 40_000, 'mirror');
    if (again !== undefined) owed.putBack(again, 0);
    expect(owed.oldestMs()).toBe(0);
    const [last] = owed.take(100_000, 1, idle);
    expect(last?.changedAtMs.get('mirror')).toBe(40_000);
    expect(owed.oldestMs()).toBeUndefined();
  });
});
