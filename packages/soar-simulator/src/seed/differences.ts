import type { OrgOptions } from '../org/OrgOptions.js';
import type { FieldOptions, SchemaOptions, TableOptions } from '../org/SchemaOptions.js';
import { demoOrgs } from './demoOrgs.js';

/** One way in which a target organization differs from its source. */
export interface OrgDifference {
  readonly name: string;
  /** What the target has instead, for people. */
  readonly says: string;
  /** The words that name it: of the field, option, table and so on. */
  readonly of: readonly string[];
  readonly apply: (target: OrgOptions) => OrgOptions;
}

/** The twenty ways of `soar-simulator --differ`. */
export const differences: readonly OrgDifference[] = [
  {
    ...{ name: 'missing-field', says: 'no field ticket_ref', of: ['ticket_ref'] },
    apply: withFields((fields) => fields.filter(({ name }) => name !== 'ticket_ref')),
  },
  {
    ...{ name: 'missing-choice', says: 'no field legacy_choice', of: ['legacy_choice'] },
    apply: withFields((fields) => fields.filter(({ name }) => name !== 'legacy_choice')),
  },
  {
    ...{ name: 'missing-option', says: 'risk_level has no option Extreme', of: ['risk_level', 'Extreme'] },
    apply: withField('risk_level', (field) => without(field, 'Extreme')),
  },
  {
    ...{ name: 'disabled-option', says: 'affected_systems has VPN disabled', of: ['affected_systems', 'VPN'] },
    apply: withField('affected_systems', (field) => ({
      ...without(field, 'VPN'),
      options: [...(without(field, 'VPN').options ?? []), { label: 'VPN', enabled: false }],
    })),
  },
  {
    ...{ name: 'other-type', says: 'cost is a text', of: ['cost'] },
    apply: withField('cost', (field) => ({ ...field, inputType: 'text' })),
  },
  {
    ...{ name: 'plain-text', says: 'business_impact has no formatting', of: ['business_impact'] },
    apply: withField('business_impact', ({ richText: _, ...field }) => field),
  },
  {
    ...{ name: 'required', says: 'requires a field target_remark', of: ['target_remark'] },
    apply: withFields((fields) => [...fields, { name: 'target_remark', inputType: 'text', required: 'always' }]),
  },
  {
    ...{ name: 'required-to-close', says: 'requires a field lessons to close', of: ['lessons'] },
    apply: withFields((fields) => [...fields, { name: 'lessons', inputType: 'textarea', required: 'close' }]),
  },
  {
    ...{
      name: 'missing-built-in-option',
      says: 'severity_code has no option Critical',
      of: ['severity_code', 'Critical'],
    },
    apply: withSchema(({ addOptions: { 'incident.severity_code': _, ...addOptions } = {}, ...schema }) => {
      return { ...schema, addOptions };
    }),
  },
  {
    ...{ name: 'retired-option', says: 'resolution_id has Unresolved disabled', of: ['resolution_id', 'Unresolved'] },
    apply: withSchema(({ retiredOptions, ...schema }) => {
      const resolutions = [...(retiredOptions?.['incident.resolution_id'] ?? []), 'Unresolved'];
      return { ...schema, retiredOptions: { ...retiredOptions, 'incident.resolution_id': resolutions } };
    }),
  },
  {
    ...{ name: 'missing-built-in-field', says: 'no field negative_pr_likely', of: ['negative_pr_likely'] },
    apply: withSchema((schema) => ({ ...schema, omitFields: [...(schema.omitFields ?? []), 'negative_pr_likely'] })),
  },
  {
    ...{ name: 'missing-table', says: 'no data table source_only', of: ['source_only'] },
    apply: withTables((tables) => tables.filter(({ name }) => name !== 'source_only')),
  },
  {
    ...{
      name: 'missing-column',
      says: 'affected_hosts has no column internal_ref',
      of: ['affected_hosts', 'internal_ref'],
    },
    apply: withColumns((columns) => columns.filter(({ name }) => name !== 'internal_ref')),
  },
  {
    ...{ name: 'missing-column-option', says: 'host_status has no option Clean', of: ['host_status', 'Clean'] },
    apply: withColumns((columns) => columns.map((one) => (one.name === 'host_status' ? without(one, 'Clean') : one))),
  },
  {
    ...{ name: 'missing-incident-type', says: 'no incident type Insider Threat', of: ['Insider Threat'] },
    apply: withSchema(({ incidentTypes = [], ...schema }) => {
      return { ...schema, incidentTypes: incidentTypes.filter(({ name }) => name !== 'Insider Threat') };
    }),
  },
  {
    ...{ name: 'missing-phase', says: 'no phase Forensics', of: ['Forensics'] },
    apply: withSchema(({ phases = [], ...schema }) => {
      return { ...schema, phases: phases.filter((phase) => phase !== 'Forensics') };
    }),
  },
  {
    ...{ name: 'missing-artifact-type', says: 'no artifact type Badge ID', of: ['Badge ID'] },
    apply: withSchema(({ artifactTypes = [], ...schema }) => {
      return { ...schema, artifactTypes: artifactTypes.filter(({ name }) => name !== 'Badge ID') };
    }),
  },
  {
    ...{ name: 'missing-user', says: 'no user eve@example.com', of: ['eve@example.com'] },
    apply: (target) => ({ ...target, users: (target.users ?? []).filter(({ email }) => email !== 'eve@example.com') }),
  },
  {
    ...{ name: 'missing-group', says: 'no group Night Shift', of: ['Night Shift'] },
    apply: (target) => ({ ...target, groups: (target.groups ?? []).filter(({ name }) => name !== 'Night Shift') }),
  },
  {
    ...{ name: 'missing-workspace', says: 'no workspace Red Team', of: ['Red Team'] },
    apply: (target) => ({ ...target, workspaces: (target.workspaces ?? []).filter((label) => label !== 'Red Team') }),
  },
];

/** A source, and a target with the same customization except for these differences; all ids differ, too. */
export function differingOrgs(ways: readonly OrgDifference[] = differences): {
  readonly source: OrgOptions;
  readonly target: OrgOptions;
} {
  const { source, target } = demoOrgs();
  const twin: OrgOptions = { ...source, id: target.id, name: target.name };
  return { source, target: ways.reduce((org, { apply }) => apply(org), twin) };
}

function withSchema(change: (schema: SchemaOptions) => SchemaOptions): OrgDifference['apply'] {
  return (target) => ({ ...target, schema: change(target.schema ?? {}) });
}

function withFields(change: (fields: readonly FieldOptions[]) => FieldOptions[]): OrgDifference['apply'] {
  return withSchema((schema) => ({ ...schema, incidentFields: change(schema.incidentFields ?? []) }));
}

function withField(name: string, change: (field: FieldOptions) => FieldOptions): OrgDifference['apply'] {
  return withFields((fields) => fields.map((field) => (field.name === name ? change(field) : field)));
}

function withTables(change: (tables: readonly TableOptions[]) => TableOptions[]): OrgDifference['apply'] {
  return withSchema((schema) => ({ ...schema, tables: change(schema.tables ?? []) }));
}

function withColumns(change: (columns: readonly FieldOptions[]) => FieldOptions[]): OrgDifference['apply'] {
  return withTables((tables) =>
    tables.map((table) => (table.name === 'affected_hosts' ? { ...table, columns: change(table.columns) } : table)),
  );
}

function without(field: FieldOptions, option: string): FieldOptions {
  const options = (field.options ?? []).filter((one) => (typeof one === 'string' ? one : one.label) !== option);
  return { ...field, options };
}
