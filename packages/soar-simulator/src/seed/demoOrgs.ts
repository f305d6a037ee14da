import type { OrgOptions } from '../org/OrgOptions.js';
import type { FieldOptions, SchemaOptions } from '../org/SchemaOptions.js';

/**
 * A source and a target organization that differ in every way that two real ones do: the same labels have different
 * ids, and the target lacks some of the source's users, groups, workspaces, options, incident types, phases, custom
 * fields, columns, data tables and artifact types. The target has the `df_*` reference fields of IBM's package.
 */
export function demoOrgs(): { source: OrgOptions; target: OrgOptions } {
  return { source: sourceOrg(), target: targetOrg() };
}

function sourceOrg(): OrgOptions {
  return {
    id: 201,
    name: 'Source Organization',
    users: [person('admin'), person('ada'), person('ben'), person('chen'), person('dora'), person('eve')],
    groups: [
      { name: 'SOC Tier 1', members: ['ada@example.com', 'ben@example.com'] },
      { name: 'Night Shift', members: ['eve@example.com'] },
    ],
    workspaces: ['Default workspace', 'Legal', 'Red Team'],
    autoTasks,
    incidentDeletionAllowed: true,
    schema: {
      incidentFields: [
        text('ticket_ref'),
        select('risk_level', ['Low', 'Elevated', 'Extreme', { label: 'Legacy', enabled: false }]),
        multiselect('affected_systems', ['Mail', 'Web', 'VPN', 'Mainframe']),
        { name: 'business_impact', label: 'Business impact', inputType: 'textarea', richText: true },
        { name: 'plain_remarks', label: 'Remarks', inputType: 'textarea' },
        { name: 'cost', label: 'Cost', inputType: 'number' },
        { name: 'regulator_informed', label: 'Regulator informed', inputType: 'boolean' },
        { name: 'contained_at', label: 'Contained at', inputType: 'datetimepicker' },
        { name: 'review_day', label: 'Review day', inputType: 'datepicker' },
        { name: 'deputy', label: 'Deputy', inputType: 'select_owner' },
        text('legacy_code'),
        select('legacy_choice', ['One', 'Two']),
      ],
      tables: [
        hosts([
          text('host'),
          select('host_status', ['Clean', 'Infected', 'Re-imaged']),
          text('internal_ref'),
          ...sharedColumns,
        ]),
        { name: 'source_only', label: 'Only here', columns: [text('what'), { name: 'count', inputType: 'number' }] },
      ],
      artifactTypes: [
        { name: 'Badge ID', programmaticName: 'badge_id' },
        { name: 'Legacy Token', programmaticName: 'legacy_token' },
        { name: 'Memory Dump', programmaticName: 'memory_dump', file: true },
      ],
      incidentTypes: [{ name: 'Insider Threat' }, { name: 'Worm', enabled: false }, { name: 'Lab Test' }],
      phases: ['Forensics'],
      addOptions: { 'incident.severity_code': ['Critical'], 'incident.exposure_dept_id': ['Finance', 'Research'] },
      retiredOptions: { 'incident.resolution_id': ['Duplicate'] },
    },
  };
}

function targetOrg(): OrgOptions {
  return {
    id: 202,
    name: 'Target Organization',
    users: [person('zoe'), person('dora'), person('chen'), person('ben'), person('ada'), person('admin')],
    groups: [{ name: 'Auditors' }, { name: 'SOC Tier 1', members: ['ada@example.com'] }],
    workspaces: ['Default workspace', 'Archive', 'Legal'],
    autoTasks: [
      { name: 'Inform the privacy office', incidentType: 'Phishing', phase: 'Engage', required: false },
      ...autoTasks,
    ],
    incidentDeletionAllowed: true,
    schema: targetSchema(),
  };
}

function targetSchema(): SchemaOptions {
  return {
    incidentFields: [
      { name: 'df_org_id', inputType: 'number' },
      { name: 'df_inc_id', inputType: 'number' },
      { name: 'df_host', inputType: 'text' },
      { name: 'df_create_date', inputType: 'datetimepicker' },
      text('target_remark'),
      { name: 'deputy', label: 'Deputy', inputType: 'select_owner' },
      { name: 'review_day', label: 'Review day', inputType: 'datepicker' },
      { name: 'contained_at', label: 'Contained at', inputType: 'datetimepicker' },
      { name: 'regulator_informed', label: 'Regulator informed', inputType: 'boolean' },
      { name: 'cost', label: 'Cost', inputType: 'number' },
      { name: 'plain_remarks', label: 'Remarks', inputType: 'textarea' },
      { name: 'business_impact', label: 'Business impact', inputType: 'textarea', richText: true },
      multiselect('affected_systems', ['VPN', 'Web', 'Mail', 'Cloud']),
      select('risk_level', ['Elevated', 'Low', { label: 'Legacy', enabled: false }]),
      text('ticket_ref'),
    ],
    tables: [
      hosts([...sharedColumns, select('host_status', ['Re-imaged', 'Infected']), text('host'), text('target_ref')]),
    ],
    artifactTypes: [
      { name: 'Memory Dump', programmaticName: 'memory_dump', file: true },
      { name: 'Badge ID', programmaticName: 'badge_id' },
    ],
    incidentTypes: [{ name: 'Lab Test' }, { name: 'Worm' }],
    addOptions: { 'incident.exposure_dept_id': ['Research'] },
    retiredOptions: { 'incident.exposure_type_id': ['Individual'] },
    omitOptions: { 'incident.nist_attack_vectors': ['Attrition (Denial-of-Service and Brute-Force Attacks)'] },
    omitFields: ['negative_pr_likely'],
    omitArtifactTypes: ['Mutex', 'User Agent'],
  };
}

const sharedColumns: FieldOptions[] = [
  { name: 'seen_at', label: 'Seen at', inputType: 'datetimepicker' },
  { name: 'host_owner', label: 'Owner', inputType: 'select_owner' },
  { name: 'alerts', label: 'Alerts', inputType: 'number' },
  { name: 'confirmed_host', label: 'Confirmed', inputType: 'boolean' },
  { name: 'comment', label: 'Comment', inputType: 'textarea', richText: true },
  multiselect('roles', ['Mail', 'Web', 'Database']),
];

const autoTasks: NonNullable<OrgOptions['autoTasks']> = [
  { name: 'Isolate the host', incidentType: 'Malware', phase: 'Respond', instructions: 'Pull the <b>plug</b>.' },
  { name: 'Collect evidence', incidentType: 'Malware', phase: 'Detect/Analyze', required: false },
  { name: 'Initial triage', incidentType: 'Phishing', phase: 'Initial', instructions: 'Check the mail.' },
  { name: 'Collect evidence', incidentType: 'Phishing', phase: 'Respond', required: false },
];

function person(name: string): { email: string; fname: string; lname: string; password: string } {
  const fname = name.charAt(0).toUpperCase() + name.slice(1);
  return { email: `${name}@example.com`, fname, lname: 'Analyst', password: `password-${name}` };
}

function hosts(columns: FieldOptions[]): NonNullable<SchemaOptions['tables']>[number] {
  return { name: 'affected_hosts', label: 'Affected hosts', columns };
}

function text(name: string): FieldOptions {
  return { name, inputType: 'text' };
}

function select(name: string, options: NonNullable<FieldOptions['options']>): FieldOptions {
  return { name, inputType: 'select', options };
}

function multiselect(name: string, options: NonNullable<FieldOptions['options']>): FieldOptions {
  return { name, inputType: 'multiselect', options };
}
