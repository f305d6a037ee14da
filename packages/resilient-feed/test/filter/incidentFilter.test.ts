import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { incidentFilter } from '../../src/filter/incidentFilter.js';
import { parseCriteria } from '../../src/filter/parseCriteria.js';

const incident = { payload: { name: 'Phish', cost: 3 }, schema: { fields: new Map() } } as unknown as FeedEvent;
const none = parseCriteria('', 'all');

describe('a filter by itself', () => {
  it('says which clause decided', () => {
    const filter = incidentFilter(none, { text: 'name = Phish; cost > 5', combine: 'all' });
    expect(filter.judge(incident)).toEqual({
      passes: false,
      because: 'matching_incident_fields: "cost > 5" (the incident has 3) does not hold',
    });
    expect(incidentFilter(none, { text: filter.text, combine: 'any' }).judge(incident)).toEqual({
      passes: true,
      because: '"name = Phish" (the incident has "Phish") holds',
    });
    expect(incidentFilter(none).judge(incident)).toEqual({ passes: true, because: 'there is no filter' });
    expect(incidentFilter(parseCriteria('name=x', 'all')).text).toBe('name=x');
  });

  it.each([
    ['severity_code >> High', 16],
    ['name = "open', 12],
    ['name = x; cost', 14],
    ['name in High', 8],
    ['a = Doe, cost = 3, x', 7],
  ])('tells where %s cannot be read', (text, at) => {
    expect(() => incidentFilter(none, { text })).toThrow(
      expect.objectContaining({ code: 'filter-invalid', details: { at } }),
    );
  });
});
