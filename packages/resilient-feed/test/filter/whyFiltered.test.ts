import { describe, expect, it } from '@jest/globals';
import { parseCriteria } from '../../src/filter/parseCriteria.js';
import { whyFiltered } from '../../src/filter/whyFiltered.js';
import { eventOf } from '../helpers/eventOf.js';
import { orgTypes } from '../helpers/orgTypes.js';

const org = orgTypes(100);
const incident = {
  ...{ id: 2001, name: 'Phish', discovered_date: Date.UTC(2024, 2, 5), plan_status: 'A' },
  ...{ severity_code: org.id('incident', 'severity_code', 'Low'), city: '', confirmed: false },
  properties: {},
};
const why = (text: string, operator: 'all' | 'any' = 'all') =>
  whyFiltered(parseCriteria(text, operator), eventOf(org, 'incident', incident));

describe('why an incident is filtered', () => {
  it.each([
    ['severity_code = High', '"severity_code = High" (the incident has "Low") does not hold'],
    ['city = Rome', '"city = Rome" (the incident has no value) does not hold'],
    ['citi = Rome', '"citi = Rome" (the incident has no such field) does not hold'],
    ['discovered_date > 2025-01-01', '(the incident has 2024-03-05T00:00:00.000Z) does not hold'],
    ['confirmed = true; severity_code = High', '"confirmed = true" (the incident has false), "severity_code = High"'],
    [
      'severity_code = Low; confirmed = true',
      'matching_incident_fields: "confirmed = true" (the incident has false) does',
    ],
  ])('names the clauses of %j that do not hold, with the value', (text, words) => {
    expect(why(text)).toContain(words);
  });

  it('names every clause if one would do', () => {
    expect(why('severity_code = High; confirmed = true', 'any')).toBe(
      'no clause of matching_incident_fields holds: "severity_code = High" (the incident has "Low"), "confirmed = true" (the incident has false)',
    );
  });

  it('is silent about an incident that matches', () => {
    expect(why('severity_code = Low')).toBeUndefined();
    expect(why('')).toBeUndefined();
  });
});
