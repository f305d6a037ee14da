import type { Finding } from '@soar-feed/core';
import type { FieldOptions, OrgOptions } from '@soar-feed/soar-simulator';

const field = (name: string, inputType: FieldOptions['inputType'], more: Partial<FieldOptions> = {}): FieldOptions => ({
  name,
  inputType,
  ...more,
});

const ADMIN = { email: 'admin@example.com', fname: 'Admin', lname: 'User', password: 'admin' };

/** One incompatibility: what the source has, what the target has, and the words that name it in a finding. */
export interface Seed {
  readonly gravity: Finding['gravity'];
  readonly says: readonly string[];
  readonly source?: FieldOptions;
  readonly target?: FieldOptions;
}

/** Custom fields of incidents that do not fit. */
export const FIELDS: readonly Seed[] = [
  { gravity: 'loses', says: ['incident.absent', 'is not at the target'], source: field('absent', 'text') },
  { gravity: 'loses', says: ['incident.gone_choice'], source: field('gone_choice', 'select', { options: ['A', 'B'] }) },
  ...(
    [
      ['text_number', 'text', 'number', 'loses'],
      ['text_flag', 'text', 'boolean', 'loses'],
      ['text_day', 'text', 'datepicker', 'loses'],
      ['text_choice', 'text', 'select', 'loses'],
      ['number_text', 'number', 'text', 'changes'],
      ['number_moment', 'number', 'datetimepicker', 'changes'],
      ['flag_text', 'boolean', 'text', 'changes'],
      ['flag_number', 'boolean', 'number', 'loses'],
      ['moment_text', 'datetimepicker', 'text', 'changes'],
      ['moment_day', 'datetimepicker', 'datepicker', 'changes'],
      ['day_number', 'datepicker', 'number', 'changes'],
      ['area_choice', 'textarea', 'select', 'loses'],
      ['choice_text', 'select', 'text', 'changes'],
      ['many_one', 'multiselect', 'select', 'loses'],
      ['choice_number', 'select', 'number', 'changes'],
      ['many_flag', 'multiselect', 'boolean', 'loses'],
      ['person_text', 'select_owner', 'text', 'changes'],
      ['person_choice', 'select_owner', 'select', 'loses'],
    ] as const
  ).map(([name, from, to, gravity]): Seed => {
    const [source, target] = [field(name, from, optionsOf(from)), field(name, to, optionsOf(to))];
    return { gravity, says: [`incident.${name}`, `is of type ${from}`, `and ${to} at`], source, target };
  }),
  {
    ...{ gravity: 'changes', says: ['incident.rich_plain', 'formatting is removed'] },
    source: field('rich_plain', 'textarea', { richText: true }),
    target: field('rich_plain', 'textarea'),
  },
  {
    ...{ gravity: 'loses', says: ['incident.fewer', 'lacks options', 'Third'] },
    source: field('fewer', 'select', { options: ['First', 'Second', 'Third'] }),
    target: field('fewer', 'select', { options: ['Second', 'First'] }),
  },
  {
    ...{ gravity: 'loses', says: ['incident.retired', 'disabled at the target', 'Old'] },
    source: field('retired', 'multiselect', { options: ['New', 'Old'] }),
    target: field('retired', 'multiselect', { options: ['New', { label: 'Old', enabled: false }] }),
  },
  {
    ...{ gravity: 'changes', says: ['incident.must', 'is required at the target, and not there'] },
    target: field('must', 'select', { required: 'always', options: ['X'] }),
  },
  {
    ...{ gravity: 'changes', says: ['incident.must_too', 'is required at the target, and optional'] },
    source: field('must_too', 'text'),
    target: field('must_too', 'text', { required: 'always' }),
  },
  {
    ...{ gravity: 'blocks', says: ['incident.must_person', 'the target refuses the incident'] },
    source: field('must_person', 'select_owner'),
    target: field('must_person', 'select_owner', { required: 'always' }),
  },
  {
    ...{ gravity: 'changes', says: ['incident.lessons', 'is required to close'] },
    target: field('lessons', 'textarea', { required: 'close' }),
  },
];

/** Everything else; each is made by the options of the organizations below. */
export const OTHERS: readonly Seed[] = [
  { gravity: 'loses', says: ['incident.negative_pr_likely', 'It is built in'] },
  { gravity: 'loses', says: ['incident.severity_code', 'lacks options', 'Critical'] },
  { gravity: 'loses', says: ['incident.resolution_id', 'disabled at the target', 'Duplicate'] },
  { gravity: 'changes', says: ['incident.city', 'is required at the target'] },
  { gravity: 'loses', says: ['data table only_here', 'its rows are left out'] },
  { gravity: 'loses', says: ['column hosts.absent_column'] },
  { gravity: 'loses', says: ['column type hosts.ip', 'and number at'] },
  { gravity: 'loses', says: ['option hosts.state', 'Re-imaged'] },
  { gravity: 'changes', says: ['required hosts.must_column'] },
  { gravity: 'loses', says: ['user', 'ben@example.com'] },
  { gravity: 'loses', says: ['user', 'left@example.com'] },
  { gravity: 'loses', says: ['group', 'Night Shift'] },
  { gravity: 'changes', says: ['workspace', 'Red Team'] },
  { gravity: 'loses', says: ['incident type', 'Insider Threat'] },
  { gravity: 'loses', says: ['incident type', 'Worm'] },
  { gravity: 'loses', says: ['phase', 'Forensics'] },
  { gravity: 'loses', says: ['artifact type', 'Badge ID'] },
  { gravity: 'loses', says: ['artifact type', 'Mutex'] },
  { gravity: 'loses', says: ['artifact type', 'hold files', 'Dump'] },
  { gravity: 'changes', says: ['artifact type', 'become one', 'Token'] },
  { gravity: 'loses', says: ['attachments', 'turned off'] },
  { gravity: 'loses', says: ['deleting incidents', 'delete_incidents'] },
  { gravity: 'loses', says: ['closing with open tasks'] },
  { gravity: 'loses', says: ['[mirror] matching_incident_fields', 'severity_cod'] },
  { gravity: 'changes', says: ['[mirror] exclude_incident_fields', 'no_such_field'] },
  { gravity: 'note', says: ['reference field', 'df_inc_id'] },
];

/** Of the source itself: it is fresh. */
export const OF_SOURCE: readonly Seed[] = [
  { gravity: 'blocks', says: ['destination feed_data', 'customize'] },
  { gravity: 'blocks', says: ['permission key-201', 'may not read the queue'] },
  ...['Artifact', 'Attachment', 'Incident', 'Milestone', 'Note', 'Task', 'Hosts'].map((name): Seed => ({
    gravity: 'loses',
    says: [`rule Data Feeder: ${name}`],
  })),
  { gravity: 'note', says: ['function Data Feeder: Sync Incidents'] },
];

function optionsOf(inputType: string): Partial<FieldOptions> {
  return inputType.endsWith('select') ? { options: ['One', 'Two'] } : {};
}

/** Two organizations that do not fit in all the ways above. */
export const SOURCE: OrgOptions = {
  id: 201,
  name: 'Acme',
  feedPackage: false,
  users: [ADMIN, { email: 'ben@example.com' }, { email: 'left@example.com' }],
  groups: [{ name: 'Night Shift' }],
  workspaces: ['Default workspace', 'Red Team'],
  schema: {
    incidentFields: FIELDS.flatMap(({ source }) => source ?? []),
    tables: [
      {
        name: 'hosts',
        label: 'Hosts',
        columns: [
          field('ip', 'text'),
          field('absent_column', 'number'),
          field('state', 'select', { options: ['Clean', 'Re-imaged'] }),
        ],
      },
      {
        name: 'only_here',
        label: 'Only here',
        columns: [field('what', 'text'), field('kind', 'select', optionsOf('select'))],
      },
    ],
    artifactTypes: [
      { name: 'Badge ID', programmaticName: 'badge_id' },
      { name: 'Dump', programmaticName: 'dump', file: true },
      { name: 'Token', programmaticName: 'token', allowDuplicate: true },
    ],
    incidentTypes: [{ name: 'Insider Threat' }, { name: 'Worm' }],
    phases: ['Forensics'],
    addOptions: { 'incident.severity_code': ['Critical'] },
  },
};

export const TARGET: OrgOptions = {
  id: 301,
  name: 'Mirror',
  feedPackage: false,
  users: [ADMIN, { email: 'left@example.com', status: 'I' }],
  attachmentsEnabled: false,
  incidentDeletionAllowed: false,
  finalPhaseRequired: true,
  schema: {
    incidentFields: FIELDS.flatMap(({ target }) => target ?? []),
    tables: [
      {
        name: 'hosts',
        label: 'Hosts',
        columns: [
          field('ip', 'number'),
          field('state', 'select', { options: ['Clean'] }),
          field('must_column', 'text', { required: 'always' }),
        ],
      },
    ],
    artifactTypes: [
      { name: 'Dump', programmaticName: 'dump' },
      { name: 'Token', programmaticName: 'token', allowDuplicate: false },
    ],
    incidentTypes: [{ name: 'Worm', enabled: false }],
    omitFields: ['negative_pr_likely'],
    omitArtifactTypes: ['Mutex'],
    retiredOptions: { 'incident.resolution_id': ['Duplicate'] },
    required: { 'incident.city': 'always' },
  },
};
