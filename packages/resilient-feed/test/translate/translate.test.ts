import { describe, expect, it } from '@jest/globals';
import type { SoarObject } from '@soar-feed/core';
import { ExcludedFields } from '../../src/fields/ExcludedFields.js';
import { PLACEHOLDER_TEXT } from '../../src/translate/requiredFields.js';
import { translate } from '../../src/translate/translate.js';
import { fieldKey } from '../../src/fields/TranslatedField.js';
import type { TranslatedField, Translation } from '../../src/fields/TranslatedField.js';
import type { TranslateOptions } from '../../src/translate/TranslateOptions.js';
import { catalogOf } from '../helpers/catalogSource.js';
import { eventOf } from '../helpers/eventOf.js';
import { orgTypes } from '../helpers/orgTypes.js';
import type { OrgTypes } from '../helpers/orgTypes.js';

const source = orgTypes(100, {
  severities: ['Low', 'Medium', 'High', 'Catastrophic'],
  incidentFields: (org) => ({
    ticket: org.field('ticket', 'text', { prefix: 'properties' }),
    only_source: org.field('only_source', 'text', { prefix: 'properties' }),
    mood: org.field('mood', 'select', { prefix: 'properties', options: ['good', 'bad'] }),
    impact: org.field('impact', 'text', { prefix: 'properties' }),
    org: org.field('org', 'text', { prefix: 'properties' }),
    story: org.field('story', 'textarea', { prefix: 'properties', rich: true }),
  }),
  columns: (org) => ({ only_source_col: org.field('only_source_col', 'text') }),
});

const target = orgTypes(5000, {
  severities: ['Low', { label: 'Medium', enabled: false }, 'High'],
  incidentFields: (org) => ({
    ticket: org.field('ticket', 'text', { prefix: 'properties' }),
    mood: org.field('mood', 'text', { prefix: 'properties' }),
    impact: org.field('impact', 'select', { prefix: 'properties', options: ['big', 'small'] }),
    org: org.field('org', 'text', { prefix: 'properties' }),
    story: org.field('story', 'textarea', { prefix: 'properties' }),
    branch: org.field('branch', 'select', {
      prefix: 'properties',
      required: 'always',
      options: ['North', { label: 'South', default: true }],
    }),
    audit: org.field('audit', 'text', { prefix: 'properties', required: 'always' }),
    lessons: org.field('lessons', 'textarea', { prefix: 'properties', required: 'close', rich: true }),
    df_org_id: org.field('df_org_id', 'number', { prefix: 'properties' }),
    df_inc_id: org.field('df_inc_id', 'number', { prefix: 'properties' }),
    df_create_date: org.field('df_create_date', 'datetimepicker', { prefix: 'properties' }),
  }),
});

const from = (type: string, field: string, label: string): number => source.id(type, field, label);
const to = (type: string, field: string, label: string): number => target.id(type, field, label);
const catalog = await catalogOf(target);

const plain: TranslateOptions = {
  sourceHost: 'soar.example.com',
  exclude: ExcludedFields.none,
  syncReferenceFields: false,
  keepAuthor: false,
};

function translated(
  type: string,
  payload: SoarObject,
  options: Partial<TranslateOptions> = {},
  org: OrgTypes = source,
) {
  const event = deepFreeze(eventOf(org, type, payload));
  const translation = translate(event, catalog, { ...plain, ...options });
  return { ...translation, ...byKey(translation) };
}

function byKey({ fields }: Translation): {
  values: Record<string, unknown>;
  of: (key: string) => TranslatedField | undefined;
} {
  return {
    values: Object.fromEntries(fields.map((field) => [fieldKey(field), field.value])),
    of: (key) => fields.find((field) => fieldKey(field) === key),
  };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !(value instanceof Map)) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}

const incident: SoarObject = {
  id: 2001,
  org_id: 201,
  vers: 7,
  name: 'Login \uD800 from 🦊',
  description: '<div>first</div>',
  discovered_date: 1_600_000_000_000,
  create_date: 1_600_000_001_000,
  due_date: 5,
  plan_status: 'A',
  severity_code: from('incident', 'severity_code', 'High'),
  incident_type_ids: [
    from('incident', 'incident_type_ids', 'Phishing'),
    from('incident', 'incident_type_ids', 'Malware'),
  ],
  owner_id: from('incident', 'owner_id', 'Ada Admin (ada@example.com)'),
  members: [from('incident', 'members', 'Night Watch')],
  phase_id: from('incident', 'phase_id', 'Respond'),
  workspace: from('incident', 'workspace', 'Team B'),
  confirmed: null,
  city: '',
  exposure: 0,
  creator: { id: 1, email: 'x@example.com' },
  cm: { total: 0 },
  perms: null,
  assessment: '<?xml version="1.0" encoding="UTF-8"?>\n<assessment>\n  <rollups/>\n</assessment>\n',
  pii: {
    data_compromised: true,
    data_format: from('incident', 'data_format', 'Electronic'),
    assessment: null,
    exposure: 0,
  },
  gdpr: { gdpr_breach_type_comment: 'plain <text>' },
  hipaa: { hipaa_breach: true, hipaa_breach_comment: null },
  properties: {
    ticket: 'T-1',
    only_source: 'gone',
    mood: from('incident', 'mood', 'bad'),
    impact: 'big',
    org: 'kept',
    story: '<p>one</p>two',
  },
};

describe('translate an incident', () => {
  it('carries values by label, e-mail and name; never by id', () => {
    const { values } = translated('incident', incident);
    expect(values).toMatchObject({
      name: 'Login \uFFFD from 🦊',
      description: { format: 'html', content: '<div>first</div>' },
      discovered_date: 1_600_000_000_000,
      plan_status: 'A',
      severity_code: to('incident', 'severity_code', 'High'),
      incident_type_ids: [
        to('incident', 'incident_type_ids', 'Phishing'),
        to('incident', 'incident_type_ids', 'Malware'),
      ],
      owner_id: 9001,
      members: [9010],
      confirmed: null,
      'pii.data_compromised': true,
      'pii.data_format': to('incident', 'data_format', 'Electronic'),
      'gdpr.gdpr_breach_type_comment': 'plain <text>',
      'properties.ticket': 'T-1',
      'properties.org': 'kept',
    });
  });

  it('leaves out what is read-only, worked out by the server or nested elsewhere', () => {
    const { values } = translated('incident', incident);
    for (const name of [
      'id',
      'org_id',
      'vers',
      'create_date',
      'due_date',
      'phase_id',
      'exposure',
      'creator',
      'cm',
      'perms',
      'pii.exposure',
    ]) {
      expect(values).not.toHaveProperty([name]);
    }
  });

  it('places the workspace by name, and says when there is none of that name', () => {
    expect(translated('incident', incident).of('workspace')).toEqual({
      name: 'workspace',
      inputType: 'select',
      value: 9102,
    });
    const unknown = translate(eventOf(source, 'incident', incident, { workspace: 'Elsewhere' }), catalog, plain);
    expect(byKey(unknown).of('workspace')).toBeUndefined();
    expect(unknown.losses).toContainEqual({ kind: 'workspace', name: 'workspace', label: 'Elsewhere' });
    const bySchema = translate(eventOf(source, 'incident', incident, { workspace: '' }), catalog, plain);
    expect(byKey(bySchema).of('workspace')?.value).toBe(9102);
  });

  it('reports what the target cannot hold and writes null or nothing in its place', () => {
    const { values, losses } = translated('incident', {
      ...incident,
      severity_code: from('incident', 'severity_code', 'Catastrophic'),
      incident_type_ids: [999_999, from('incident', 'incident_type_ids', 'Malware')],
      owner_id: from('incident', 'owner_id', 'Bob Builder (bob@example.com)'),
      members: [
        from('incident', 'members', 'Bob Builder (bob@example.com)'),
        from('incident', 'members', 'Night Watch'),
      ],
    });
    expect(values).toMatchObject({
      severity_code: null,
      incident_type_ids: [to('incident', 'incident_type_ids', 'Malware')],
      owner_id: null,
      members: [9010],
    });
    expect(values).not.toHaveProperty(['properties.only_source']);
    expect(losses).toEqual(
      expect.arrayContaining([
        { kind: 'field', name: 'only_source' },
        { kind: 'option', name: 'severity_code', label: 'Catastrophic' },
        { kind: 'option', name: 'incident_type_ids', label: '#999999' },
        { kind: 'person', name: 'owner_id', label: 'Bob Builder (bob@example.com)' },
        { kind: 'person', name: 'members', label: 'Bob Builder (bob@example.com)' },
      ]),
    );
  });

  it('does not choose a retired option, nor lose a field that was never set', () => {
    const medium = { ...incident, severity_code: from('incident', 'severity_code', 'Medium') };
    expect(translated('incident', medium).losses).toContainEqual({
      kind: 'option',
      name: 'severity_code',
      label: 'Medium',
    });
    const unset = { ...incident, properties: { only_source: null } };
    expect(translated('incident', unset).losses).not.toContainEqual({ kind: 'field', name: 'only_source' });
  });

  it('understands handles and rich text as a search shows them: the same translation', () => {
    const found = {
      ...incident,
      description: { format: 'html', content: '<div>first</div>' },
      severity_code: { id: from('incident', 'severity_code', 'High'), name: 'High' },
      incident_type_ids: [
        { id: from('incident', 'incident_type_ids', 'Phishing'), name: 'Phishing' },
        { id: 424242, name: 'Malware' },
      ],
      owner_id: { id: 77, name: 'ada@example.com' },
      members: [{ name: 'Night Watch' }],
      plan_status: { id: 'A', name: 'Active' },
      gdpr: { gdpr_breach_type_comment: { format: 'text', content: 'plain <text>' } },
    };
    expect(translated('incident', found).values).toEqual(translated('incident', incident).values);
  });

  it('changes the kind of a value where the schemas differ', () => {
    const { values, losses } = translated('incident', incident);
    expect(values).toMatchObject({
      'properties.mood': 'bad',
      'properties.impact': to('incident', 'impact', 'big'),
      'properties.story': 'one\ntwo',
    });
    expect(losses).not.toContainEqual(expect.objectContaining({ name: 'mood' }));
    const odd = { ...incident, properties: { impact: 'huge' } };
    expect(translated('incident', odd).losses).toContainEqual({ kind: 'option', name: 'impact', label: 'huge' });
  });

  it('fills what the target requires, and says so', () => {
    const { values, losses, of } = translated('incident', incident);
    expect(values).toMatchObject({
      'properties.branch': to('incident', 'branch', 'South'),
      'properties.audit': PLACEHOLDER_TEXT,
    });
    expect(losses).toEqual(
      expect.arrayContaining([
        { kind: 'required', name: 'branch', label: 'South' },
        { kind: 'required', name: 'audit', label: PLACEHOLDER_TEXT },
      ]),
    );
    expect(of('properties.lessons')).toBeUndefined();
    const bare = translated('incident', { id: 1, plan_status: 'A', create_date: 12 }).values;
    expect(bare).toMatchObject({ name: PLACEHOLDER_TEXT, discovered_date: 12 });
  });

  it('flags what closes a closed incident, and completes it', () => {
    const closed = {
      ...incident,
      plan_status: 'C',
      resolution_id: from('incident', 'resolution_id', 'Resolved'),
      resolution_summary: 'done',
    };
    const { of, fields, losses } = translated('incident', closed);
    expect(
      fields
        .filter((field) => field.closing)
        .map(fieldKey)
        .sort(),
    ).toEqual(['plan_status', 'properties.lessons', 'resolution_id', 'resolution_summary'].sort());
    expect(of('plan_status')?.value).toBe('C');
    expect(of('properties.lessons')?.value).toEqual({ format: 'text', content: PLACEHOLDER_TEXT });
    expect(losses).toContainEqual({ kind: 'required', name: 'lessons', label: PLACEHOLDER_TEXT });
    expect(translated('incident', incident).fields.some((field) => field.closing)).toBe(false);
  });

  it('keeps HIPAA answers and the assessment, which no schema lists', () => {
    const { of } = translated('incident', incident);
    expect(of('hipaa.hipaa_breach')).toEqual({
      name: 'hipaa_breach',
      prefix: 'hipaa',
      inputType: 'boolean',
      value: true,
      unlisted: true,
    });
    expect(of('hipaa.hipaa_breach_comment')).toMatchObject({ inputType: 'text', value: null, unlisted: true });
    expect(of('assessment')).toMatchObject({
      value: '<assessment>\n  <rollups/>\n</assessment>\n',
      unlisted: true,
      createOnly: true,
    });
    expect(of('pii.assessment')).toBeUndefined();
  });

  it('fills the reference fields the target has, also when properties are excluded or absent', () => {
    const references = {
      'properties.df_org_id': 201,
      'properties.df_inc_id': 2001,
      'properties.df_create_date': 1_600_000_001_000,
    };
    const { values } = translated('incident', incident, { syncReferenceFields: true });
    expect(values).toMatchObject(references);
    expect(values).not.toHaveProperty(['properties.df_host']);
    expect(translated('incident', incident).values).not.toHaveProperty(['properties.df_inc_id']);
    const excluded = translated('incident', incident, {
      syncReferenceFields: true,
      exclude: new ExcludedFields('properties'),
    }).values;
    expect(excluded).toMatchObject(references);
    expect(excluded).not.toHaveProperty(['properties.ticket']);
    const without = translated('incident', { ...incident, properties: null }, { syncReferenceFields: true }).values;
    expect(without).toMatchObject(references);
  });

  it('leaves out what is excluded: sections, fields of sections, wildcards', () => {
    const { values, losses } = translated('incident', incident, {
      exclude: new ExcludedFields('pii;hipaa;assess*;properties.ti*;only_source'),
    });
    for (const key of ['pii.data_compromised', 'hipaa.hipaa_breach', 'assessment', 'properties.ticket']) {
      expect(values).not.toHaveProperty([key]);
    }
    expect(values).toMatchObject({ 'properties.org': 'kept' });
    expect(losses).not.toContainEqual({ kind: 'field', name: 'only_source' });
  });
});

describe('translate what belongs to an incident', () => {
  const task = {
    id: 5,
    name: 'Triage',
    inc_id: 2001,
    status: 'C',
    custom: false,
    active: true,
    at_id: 3,
    cat_name: 'Respond',
    phase_id: from('task', 'phase_id', 'Respond'),
    category_id: { id: from('task', 'category_id', 'IT'), name: 'IT' },
    owner_id: null,
    members: null,
    private: null,
    required: true,
    description: 'plain <b>not bold</b>',
    instr_text: 'old words',
    instructions: 'Check <i>it</i>',
    due_date: 77,
    init_date: 5,
  };

  it('task: by name, with instructions instead of instr_text', () => {
    expect(translated('task', task).values).toEqual({
      name: 'Triage',
      status: 'C',
      phase_id: to('task', 'phase_id', 'Respond'),
      category_id: to('task', 'category_id', 'IT'),
      owner_id: null,
      members: null,
      private: null,
      required: true,
      description: 'plain <b>not bold</b>',
      instructions: { format: 'html', content: 'Check <i>it</i>' },
      due_date: 77,
    });
    expect(translated('task', { ...task, instructions: null }).values).toMatchObject({
      instructions: { format: 'html', content: 'old words' },
    });
  });

  it('task: an unknown phase is left to the server', () => {
    const { values, losses } = translated('task', { ...task, phase_id: { id: 1, name: 'Aftermath' } });
    expect(values).not.toHaveProperty('phase_id');
    expect(losses).toEqual([{ kind: 'option', name: 'phase_id', label: 'Aftermath' }]);
  });

  it('task: plain text stays text where the target keeps rich text', async () => {
    const rich = await catalogOf(orgTypes(7000, { richTaskDescription: true }));
    const { fields } = translate(eventOf(source, 'task', task), rich, plain);
    expect(fields.find((field) => field.name === 'description')?.value).toEqual({
      format: 'text',
      content: 'plain <b>not bold</b>',
    });
  });

  const note = {
    id: 5,
    text: '<b>hi</b>',
    user_name: 'Ada <Admin>',
    user_id: 3,
    create_date: 1_600_000_000_000,
    parent_id: 4,
    is_deleted: false,
  };

  it('note: its text; author and date in front of it when asked for', () => {
    expect(translated('note', note)).toMatchObject({
      fields: [{ name: 'text', inputType: 'textarea', value: { format: 'html', content: '<b>hi</b>' } }],
      losses: [],
    });
    expect(translated('note', note, { keepAuthor: true }).values).toEqual({
      text: { format: 'html', content: '<div>Ada &lt;Admin&gt; wrote on 2020-09-13T12:26:40.000Z:</div><b>hi</b>' },
    });
    const bare = {
      text: { format: 'text', content: 'a < b' },
      user_id: from('note', 'user_id', 'Night Watch'),
      create_date: 0,
    };
    expect(translated('note', bare, { keepAuthor: true }).values).toEqual({
      text: { format: 'text', content: 'Night Watch wrote on 1970-01-01T00:00:00.000Z:\na < b' },
    });
    expect(translated('note', { ...note, text: null, is_deleted: true }, { keepAuthor: true }).values).toEqual({
      text: null,
    });
    // A date beyond every calendar is no reason to lose the note.
    expect(translated('note', { ...bare, create_date: 1e18 }, { keepAuthor: true }).values).toEqual({
      text: { format: 'text', content: 'Night Watch wrote on 1000000000000000000:\na < b' },
    });
  });

  const artifact = {
    id: 5,
    type: from('artifact', 'type', 'IP Address'),
    value: '10.0.0.1',
    description: { format: 'text', content: 'seen twice' },
    relating: false,
    ip: { source: true, destination: null },
    parent_id: null,
    hits: [],
    global_info: { summary: 'x' },
  };

  it('artifact: type by id when built in, by programmatic name when custom; type and value at create only', () => {
    const { values, of } = translated('artifact', artifact);
    expect(values).toEqual({
      type: to('artifact', 'type', 'IP Address'),
      value: '10.0.0.1',
      description: 'seen twice',
      relating: false,
      'ip.source': true,
      'ip.destination': null,
    });
    expect([of('type')?.createOnly, of('value')?.createOnly, of('description')?.createOnly]).toEqual([
      true,
      true,
      undefined,
    ]);
    const custom = { ...artifact, type: { id: from('artifact', 'type', 'Malware Family'), name: 'Malware Family' } };
    expect(translated('artifact', custom).values).toMatchObject({ type: 'malware_family' });
  });

  it('artifact: an unknown type cannot be created', () => {
    expect(translated('artifact', { ...artifact, type: from('artifact', 'type', 'Only Here') })).toMatchObject({
      fields: [],
      losses: [{ kind: 'artifact-type', name: 'type', label: 'Only Here' }],
      unsupported: 'the target organization has no artifact type "Only Here"',
    });
  });

  it('milestone and attachment', () => {
    expect(
      translated('milestone', { id: 1, title: 'Contained', description: '<plain>', date: 9, inc_id: 3 }).values,
    ).toEqual({
      title: 'Contained',
      description: '<plain>',
      date: 9,
    });
    expect(translated('attachment', { id: 1, name: 'a\uDC00.eml', size: 3 }).fields).toEqual([
      { name: 'name', inputType: 'text', value: 'a\uFFFD.eml', createOnly: true },
    ]);
  });

  const column = (name: string): string => source.columnId('hosts_dt', name);
  const row = {
    id: 27,
    version: 2,
    cells: {
      [column('host_name')]: { id: column('host_name'), value: 'srv1' },
      [column('risk')]: { id: column('risk'), value: from('hosts_dt', 'risk', 'high') },
      [column('tags')]: {
        id: column('tags'),
        value: [from('hosts_dt', 'tags', 'laptop'), from('hosts_dt', 'tags', 'server')],
      },
      [column('seen')]: { id: column('seen'), value: 123 },
      [column('score')]: { id: column('score') },
      [column('only_source_col')]: { value: 'lost' },
      '1': { value: 'of a column that is gone' },
    },
  };

  it('row: columns by name, every one of them, empty cells as null', () => {
    const { values, losses, fields } = translated('hosts_dt', row);
    expect(values).toEqual({
      host_name: 'srv1',
      risk: to('hosts_dt', 'risk', 'high'),
      tags: [to('hosts_dt', 'tags', 'laptop'), to('hosts_dt', 'tags', 'server')],
      seen: 123,
      score: null,
    });
    expect(fields.every((field) => field.prefix === undefined)).toBe(true);
    expect(losses).toEqual([{ kind: 'column', name: 'hosts_dt.only_source_col' }]);
    const found = { cells: { [column('risk')]: { value: { id: from('hosts_dt', 'risk', 'high'), name: 'high' } } } };
    expect(translated('hosts_dt', found).values).toMatchObject({
      risk: to('hosts_dt', 'risk', 'high'),
      tags: [],
      host_name: null,
    });
  });

  it('row: a table the target lacks is a reason to skip', async () => {
    const without = await catalogOf(orgTypes(8000, { withTable: false }));
    expect(translate(eventOf(source, 'hosts_dt', row), without, plain)).toEqual({
      fields: [],
      losses: [{ kind: 'table', name: 'hosts_dt' }],
      unsupported: 'the target organization has no data table "hosts_dt"',
    });
  });
});
