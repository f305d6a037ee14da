import { describe, expect, it } from '@jest/globals';
import { aDelete, aNote } from '@soar-feed/feed-testkit';
import { snapshotOf } from '../../src/lanes/freshness.js';
import { judgeParked } from '../../src/parking/judgeParked.js';
import type { StandingRow } from '../../src/parking/judgeParked.js';

const at = (modified: number, id = 'other') => aNote({ id, payload: { modify_date: modified } });
const standing = (modified: number, more: Partial<StandingRow> = {}): StandingRow => ({
  eventId: 'held',
  revision: 3,
  isUnread: false,
  snapshot: snapshotOf(at(modified)),
  ...more,
});

describe('what parking an event does to the row of its object', () => {
  it.each([
    ['no row yet', at(5), undefined, undefined, 'replaces'],
    ['no row any more', at(5), 2, undefined, 'outdated'],
    ['a newer one', at(6), undefined, standing(5), 'replaces'],
    ['an older one', at(4), undefined, standing(5), 'doubtful'],
    ['the very event that it holds', at(4, 'held'), undefined, standing(5), 'replaces'],
    [
      'what it holds again, while its object is to be read',
      at(5, 'held'),
      undefined,
      standing(5, { isUnread: true }),
      'replaces-unread',
    ],
    [
      'a newer one, while its object is to be read',
      at(6),
      undefined,
      standing(5, { isUnread: true }),
      'replaces-unread',
    ],
    [
      'a delete, while its object is to be read',
      aDelete(at(6)),
      undefined,
      standing(5, { isUnread: true }),
      'replaces',
    ],
    ['what was read for it', at(4, 'held'), 3, standing(5, { isUnread: true }), 'replaces'],
    ['what was brought back from it', at(4, 'held'), 3, standing(5), 'replaces'],
    ['what was brought back from it before it changed', at(9, 'held'), 2, standing(5), 'outdated'],
    ['the same, while its object is to be read', at(9, 'held'), 2, standing(5, { isUnread: true }), 'outdated'],
  ] as const)('%s', (_what, event, ofRevision, row, verdict) => {
    expect(judgeParked(event, ofRevision, row)).toBe(verdict);
  });
});
