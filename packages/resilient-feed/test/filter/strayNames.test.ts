import { describe, expect, it } from '@jest/globals';
import { toTypeSchema } from '@soar-feed/core';
import { ExcludedFields } from '../../src/fields/ExcludedFields.js';
import { parseCriteria } from '../../src/filter/parseCriteria.js';
import { strayNames } from '../../src/filter/strayNames.js';
import { orgTypes } from '../helpers/orgTypes.js';

const org = orgTypes(100, {
  incidentFields: (types) => ({ ticket_ref: types.field('ticket_ref', 'text', { prefix: 'properties' }) }),
});
const incidents = toTypeSchema(org.types['incident'] as Parameters<typeof toTypeSchema>[0]);

const told = (filter: string, exclude = ''): readonly string[] => {
  const criteria = filter === '' ? { combine: 'all' as const, clauses: [], notes: [] } : parseCriteria(filter, 'all');
  return strayNames(criteria, new ExcludedFields(exclude), incidents).map(({ key, problem }) => `${key}: ${problem}`);
};

describe('strayNames', () => {
  it('gives the likely name of a filter field', () => {
    expect(told('severty_code = High; nmae = "x"; wholly_else = 1; properties.tiket_ref = 1')).toEqual([
      'matching_incident_fields: the incidents have no field severty_code; did you mean severity_code?',
      'matching_incident_fields: the incidents have no field nmae; did you mean name?',
      'matching_incident_fields: the incidents have no field wholly_else',
      'matching_incident_fields: the incidents have no field properties.tiket_ref; did you mean properties.ticket_ref?',
    ]);
  });

  it('lets pass what is there, listed or not', () => {
    expect(told('severity_code = High; ticket_ref = 1; vers > 3; hipaa.hipaa_breach = 1')).toEqual([]);
  });

  it('tells which exclusions meet nothing', () => {
    expect(told('', 'pii;gdpr; hipaa ;properties;name;ticket_*;properties.ticket_ref;hipaa.x;assessment;vers')).toEqual(
      [],
    );
    expect(told('', 'descripton;tick_*;properties.tiket_ref;gpdr;constructor')).toEqual([
      'exclude_incident_fields: the incidents have no field or section descripton; did you mean description?',
      'exclude_incident_fields: the incidents have no field or section tick_*',
      'exclude_incident_fields: the incidents have no field or section properties.tiket_ref; did you mean properties.ticket_ref?',
      'exclude_incident_fields: the incidents have no field or section gpdr; did you mean gdpr?',
      'exclude_incident_fields: the incidents have no field or section constructor',
    ]);
  });
});
