import { describe, expect, it } from '@jest/globals';
import type { Drift } from '@soar-feed/core/runtime';
import { repairsOf } from '../../src/verify/repairsOf.js';
import { sampleOf } from '../../src/verify/sampleOf.js';

const drift = (incidentId: number, objectId: number, cause: Drift['cause'], feed = 'mirror'): Drift => ({
  ...{ feed, cause, key: { orgId: 201, incidentId, type: 'note', objectId } },
});

describe('what a repair does about drift', () => {
  const found = [
    ...[drift(1, 10, 'differs'), drift(2, 20, 'missing'), drift(1, 11, 'extra'), drift(1, 12, 'parked')],
    drift(1, 10, 'missing', 'other'),
  ];

  it('is one load per feed and incident, and leaves alone what is parked or extra', () => {
    const note = (objectId: number) => ({ type: 'note', objectId });
    expect(repairsOf(found, { deletes: false })).toEqual([
      { feed: 'mirror', incidentId: 1, objects: [note(10)], deletes: 0 },
      { feed: 'mirror', incidentId: 2, objects: [note(20)], deletes: 0 },
      { feed: 'other', incidentId: 1, objects: [note(10)], deletes: 0 },
    ]);
  });

  it('may delete as many objects as are extra, and no more', () => {
    expect(repairsOf(found, { deletes: true })[0]).toMatchObject({ incidentId: 1, deletes: 1 });
    expect(repairsOf([drift(1, 12, 'parked')], { deletes: true })).toEqual([]);
  });

  it('asks for a large incident in parts', () => {
    const many = Array.from({ length: 1_201 }, (_, at) => drift(1, at, 'differs'));
    const repairs = repairsOf([...many, drift(1, 5_000, 'extra')], { deletes: true });
    expect(repairs.map(({ objects, deletes }) => [objects.length, deletes])).toEqual([
      [500, 1],
      [500, 0],
      [201, 0],
    ]);
  });
});

describe('a sample', () => {
  const ids = Array.from({ length: 5_000 }, (_, at) => at + 1);

  it('has about so many percent of the incidents, and a larger one holds the smaller one', () => {
    const five = ids.filter(sampleOf(5));
    expect(five.length).toBeGreaterThan(180);
    expect(five.length).toBeLessThan(320);
    const ten = new Set(ids.filter(sampleOf(10)));
    expect(five.filter((id) => !ten.has(id))).toEqual([]);
    expect(ids.filter(sampleOf(100))).toHaveLength(ids.length);
  });
});
