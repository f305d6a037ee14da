import type { ObjectKey, ParkReason } from '@soar-feed/core';
import { describe, expect, it } from '@jest/globals';
import { ParkedIndex } from '../../src/parking/ParkedIndex.js';

const key = (incidentId: number, objectId: number, orgId = 201): ObjectKey => ({
  orgId,
  incidentId,
  type: 'task',
  objectId,
});
const failed: ParkReason = { state: 'failed', code: 'x', message: 'm', attempts: 1 };
const deferred: ParkReason = { state: 'deferred' };
const waitingOn = (on: ObjectKey): ParkReason => ({ state: 'waiting', on });

describe('the index of what stands parked', () => {
  it('counts rows by their state, and follows each change', () => {
    const index = new ParkedIndex();
    index.set(key(1, 1), failed, 0);
    index.set(key(1, 2), deferred, 0);
    index.set(key(1, 3), deferred, 0);
    expect([index.size, index.count('failed'), index.count('deferred'), index.count('waiting')]).toEqual([3, 1, 2, 0]);
    index.set(key(1, 1), deferred, 0);
    expect([index.size, index.count('failed'), index.count('deferred')]).toEqual([3, 0, 3]);
    for (const objectId of [1, 2, 3, 3, 4]) index.delete(key(1, objectId));
    expect([index.size, index.count('deferred'), index.has(key(1, 1))]).toEqual([0, 0, false]);
    index.set(key(1, 1), deferred, 0);
    expect([index.count('deferred'), index.has(key(1, 1))]).toEqual([1, true]);
  });

  it('knows whom rows wait for until the last of them has gone or waits for another', () => {
    const index = new ParkedIndex();
    index.set(key(1, 2), waitingOn(key(1, 1)), 0);
    index.set(key(1, 3), waitingOn(key(1, 1)), 0);
    expect([1, 2, 3].map((id) => index.isAwaited(key(1, id)))).toEqual([true, false, false]);
    index.delete(key(1, 2));
    expect(index.isAwaited(key(1, 1))).toBe(true);
    index.set(key(1, 3), waitingOn(key(1, 2)), 0);
    expect([1, 2].map((id) => index.isAwaited(key(1, id)))).toEqual([false, true]);
    index.set(key(1, 3), failed, 0);
    expect(index.isAwaited(key(1, 2))).toBe(false);
  });

  it('knows incidents with rows in line until the last of them has gone, and no others', () => {
    const index = new ParkedIndex();
    index.set(key(1, 1), deferred, 0);
    index.set(key(1, 2), deferred, 0);
    index.set(key(2, 3), failed, 0);
    expect([1, 2, 3].map((incident) => index.hasDeferred(incident))).toEqual([true, false, false]);
    index.delete(key(1, 1));
    expect(index.hasDeferred(1)).toBe(true);
    index.set(key(1, 2), failed, 0);
    expect(index.hasDeferred(1)).toBe(false);
    index.set(key(2, 3), deferred, 0);
    index.delete(key(2, 3));
    expect(index.hasDeferred(2)).toBe(false);
  });

  it('counts the rows of one incident by their state', () => {
    const index = new ParkedIndex();
    index.set(key(1, 1), deferred, 0);
    index.set(key(1, 2), failed, 0);
    index.set(key(1, 3), failed, 0);
    index.set(key(2, 4), failed, 0);
    index.set(key(1, 1), failed, 0);
    index.delete(key(1, 3));
    expect([...index.countsOf(1)]).toEqual([['failed', 2]]);
    expect(index.countsOf(3).size).toBe(0);
  });

  it('names the objects of an incident, and those of a range of incidents of one organization, its ends included', () => {
    const index = new ParkedIndex();
    const keys = [key(1, 1), key(2, 2), key(2, 3), key(3, 4), key(4, 5), key(3, 6, 202)];
    for (const one of keys) index.set(one, failed, 0);
    expect(index.keys()).toEqual(keys);
    expect(index.keysOf(2)).toEqual([key(2, 2), key(2, 3)]);
    const range = { orgId: 201, minIncidentId: 2, maxIncidentId: 3 };
    expect(index.keysWithin(range)).toEqual([key(2, 2), key(2, 3), key(3, 4)]);
    expect(index.keysWithin({ orgId: 201, minIncidentId: 3 })).toEqual([key(3, 4), key(4, 5)]);
    expect(index.keysWithin({ ...range, orgId: 202 })).toEqual([key(3, 6, 202)]);
  });

  it('names the parents that are waited for, each once, while somebody waits', () => {
    const index = new ParkedIndex();
    const [one, other] = [key(1, 10), key(1, 11)];
    index.set(key(1, 1), waitingOn(one), 0);
    index.set(key(1, 2), waitingOn(one), 0);
    index.set(key(1, 3), waitingOn(other), 0);
    index.set(key(1, 4), failed, 0);
    expect(index.awaitedParents()).toEqual([one, other]);
    index.set(key(1, 3), failed, 0);
    expect(index.awaitedParents()).toEqual([one]);
  });

  it('knows since when the oldest row that comes back by itself has waited, and for what change each row stands', () => {
    const index = new ParkedIndex();
    expect(index.oldestSinceMs()).toBeUndefined();
    index.set(key(1, 1), failed, 100);
    expect(index.oldestSinceMs()).toBeUndefined();
    index.set(key(1, 2), deferred, 500);
    index.set(key(1, 3), waitingOn(key(1, 2)), 300);
    expect(index.oldestSinceMs()).toBe(300);
    index.set(key(1, 4), deferred, 200);
    expect(index.oldestSinceMs()).toBe(200);
    // A newer snapshot has the row: it still stands for the older change.
    index.set(key(1, 4), deferred, 900);
    expect([index.sinceOf(key(1, 4)), index.oldestSinceMs()]).toEqual([200, 200]);
    index.delete(key(1, 4));
    expect([index.sinceOf(key(1, 4)), index.oldestSinceMs()]).toEqual([undefined, 300]);
    // What was given up counts from when it is in line again.
    index.set(key(1, 1), deferred, 400);
    expect([index.sinceOf(key(1, 1)), index.oldestSinceMs()]).toEqual([400, 300]);
    index.set(key(1, 3), failed, 300);
    expect(index.oldestSinceMs()).toBe(400);
  });
});
