import { describe, expect, it } from '@jest/globals';
import { toTypeSchema } from '@soar-feed/core';
import { ExcludedFields } from '../../src/fields/ExcludedFields.js';
import { schemaDifferences } from '../../src/translate/schemaDifferences.js';
import { catalogOf } from '../helpers/catalogSource.js';
import { orgTypes } from '../helpers/orgTypes.js';
import type { OrgDifferences } from '../helpers/orgTypes.js';

async function differences(source: OrgDifferences, target: OrgDifferences, exclude = ''): Promise<readonly string[]> {
  const types = Object.values(orgTypes(100, source).types).map(toTypeSchema);
  return schemaDifferences(types, await catalogOf(orgTypes(5000, target)), new ExcludedFields(exclude));
}

/** From the helper's own lists: the target's artifact type of that name is retired. */
const ALWAYS = ['no artifact type: Only Here'];

describe('schemaDifferences', () => {
  it('are none between organizations that differ in ids alone', async () => {
    expect(await differences({}, {})).toEqual(ALWAYS);
  });

  const rich: OrgDifferences = {
    severities: ['Low', 'Medium', 'High', 'Critical', { label: 'Retired', enabled: false }],
    incidentFields: (org) => ({
      ticket: org.field('ticket', 'text', { prefix: 'properties' }),
      risk: org.field('risk', 'select', { prefix: 'properties', options: ['1', '2'] }),
      worked_out: org.field('worked_out', 'text', { prefix: 'properties', readOnly: true }),
    }),
    columns: (org) => ({ extra: org.field('extra', 'text') }),
  };

  it('name fields, options and columns that the target lacks, but nothing that is never written', async () => {
    expect(await differences(rich, {})).toEqual([
      'no field of incident: ticket, risk',
      'no option of severity_code: Critical',
      'no column of hosts_dt: extra',
      ...ALWAYS,
    ]);
    expect(await differences({}, rich)).toEqual(ALWAYS);
  });

  it('leave out what is excluded anyway', async () => {
    expect(await differences(rich, {}, 'properties;severity_*')).toEqual(['no column of hosts_dt: extra', ...ALWAYS]);
  });

  it('name tables, options of columns, workspaces, and what the target requires beyond the source', async () => {
    const source: OrgDifferences = {
      columns: (org) => ({ risk: org.field('risk', 'select', { options: ['low', 'high', 'extreme'] }) }),
      incidentFields: (org) => ({
        workspace: org.field('workspace', 'select', { options: ['Default workspace', 'Team C'] }),
      }),
    };
    const required: OrgDifferences = {
      incidentFields: (org) => ({
        cost_centre: org.field('cost_centre', 'text', { prefix: 'properties', required: 'always' }),
        lessons: org.field('lessons', 'textarea', { prefix: 'properties', required: 'close' }),
      }),
    };
    expect(await differences(source, required)).toEqual([
      'required of incident and unknown at the source: cost_centre, lessons',
      'no option of hosts_dt.risk: extreme',
      ...ALWAYS,
      'no workspace: Team C',
    ]);
    expect(await differences({}, { withTable: false })).toEqual(['no data table: hosts_dt', ...ALWAYS]);
  });

  it('do not miss an option where the field is of another kind, which takes the label', async () => {
    const kind = (inputType: string): OrgDifferences => ({
      incidentFields: (org) => ({ risk: org.field('risk', inputType, { prefix: 'properties', options: ['a', 'b'] }) }),
    });
    expect(await differences(kind('select'), kind('text'))).toEqual(ALWAYS);
  });
});
