import { describe, expect, it } from '@jest/globals';
import type { LastApplied, ParkReason } from '@soar-feed/core';
import { shownNames } from '../../src/contract/shownFields.js';
import { wantedOf } from '../../src/showing/ShownFeed.js';
import type { ShownFeed } from '../../src/showing/ShownFeed.js';

const KEY = { orgId: 201, incidentId: 7, type: 'incident', objectId: 7 };
const DELIVERED: LastApplied = { outcome: 'delivered', deleted: false };

function feed(last: LastApplied | undefined, parked: Partial<Record<ParkReason['state'], number>> = {}): ShownFeed {
  return {
    name: 'mirror',
    names: shownNames('mirror'),
    holds: () => false,
    parked: () => new Map(Object.entries(parked) as [ParkReason['state'], number][]),
    last: async () => last,
    link: async () => 'https://there/#incidents/9',
  };
}

const at = (nowMs: number, isShown = false) => ({ isShown, sinceMs: 0, nowMs });
const link = 'https://there/#incidents/9';

describe('what a feed shows of an incident', () => {
  it.each([
    ['all arrived', DELIVERED, {}, 'Up to date'],
    ['something failed', DELIVERED, { failed: 2 }, 'Not up to date: 2 failed'],
    [
      'all kinds',
      DELIVERED,
      { failed: 1, undecided: 1, waiting: 1, deferred: 2, resync: 1 },
      'Not up to date: 1 failed, 1 undecided, 4 waiting',
    ],
    ['the incident itself never arrived', undefined, { failed: 1 }, 'Not up to date: 1 failed'],
  ])('%s', async (_, last, parked, state) => {
    expect(await wantedOf(feed(last, parked), KEY, at(60_000))).toEqual({ link, state });
  });

  it('waits a minute for what may come at once', async () => {
    expect(await wantedOf(feed(DELIVERED, { deferred: 1 }), KEY, at(20_000))).toBe(40_000);
  });

  it('shows nothing of an incident that was never its own, and nothing of a deleted one', async () => {
    const skipped: LastApplied = { outcome: 'skipped', deleted: false };
    expect(await wantedOf(feed(undefined), KEY, at(0))).toBeUndefined();
    expect(await wantedOf(feed(skipped), KEY, at(0))).toBeUndefined();
    expect(await wantedOf(feed({ ...DELIVERED, deleted: true }), KEY, at(0))).toBeUndefined();
    expect(await wantedOf(feed(skipped), KEY, at(0, true))).toEqual({ link, state: 'Not fed' });
  });
});
