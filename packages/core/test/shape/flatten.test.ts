import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FeedEvent, SoarObject } from '../../src/contract/FeedEvent.js';
import type { FieldSchema, TypeSchema } from '../../src/contract/TypeSchema.js';
import { flatten } from '../../src/shape/flatten.js';
import { pythonIsoUtc, pythonJson } from '../../src/shape/pythonText.js';
import { toTypeSchema } from '../../src/shape/toTypeSchema.js';
import type { FieldDescription } from '../../src/shape/toTypeSchema.js';
import { translateValue } from '../../src/shape/translateValue.js';

const SEVERITIES = [
  { value: 4, label: 'Low' },
  { value: 6, label: 'High' },
];

function schemaOf(
  type_name: string,
  type_id: number,
  fields: readonly Partial<FieldDescription>[],
  id = type_id,
): TypeSchema {
  return toTypeSchema({
    id,
    type_id,
    type_name,
    fields: fields.map((field, index) => ({
      id: 300 + index,
      name: 'x',
      input_type: 'text',
      internal: true,
      ...field,
    })),
  });
}

function eventOf(schema: TypeSchema, payload: SoarObject, more: Partial<FeedEvent> = {}): FeedEvent {
  return {
    id: 'e1',
    origin: 'queue',
    operation: 'upsert',
    key: { orgId: 201, incidentId: 4517, type: schema.name, objectId: schema.name === 'incident' ? 4517 : 77 },
    workspace: 'Default workspace',
    observedAtMs: 0,
    payload,
    schema,
    ...more,
  };
}

function field(inputType: string, values: readonly { value: number | string; label: string }[] = []): FieldSchema {
  const schema = schemaOf('note', 2, [{ name: 'x', input_type: inputType, values }]);
  const found = schema.fields.get('x');
  if (found === undefined) throw new Error('no field');
  return found;
}

describe('translateValue', () => {
  it.each<[string, unknown, unknown]>([
    ['select', 6, 'High'],
    ['select', 99, '99'],
    ['select', { id: 6, name: 'Hoch' }, 'High'],
    ['select', { id: 99, name: 'Hoch' }, 'Hoch'],
    ['select_owner', 4, 'Low'],
    ['select_user', '4', 'Low'],
    ['select', null, null],
    ['select', undefined, null],
    ['multiselect', [6, 4], 'High, Low'],
    ['multiselect', [], ''],
    ['multiselect', [6, 99], 'High, 99'],
    ['multiselect', [6, null], '[6, null]'],
    ['multiselect', [{ id: 6 }, { id: 4 }], 'High, Low'],
    ['multiselect_members', [4], 'Low'],
    ['multiselect_members', null, null],
    ['multiselect_tagref', ['a', 'b'], 'a, b'],
    ['multiselect_tagref', [{ value: 'ä' }], '[{"value": "\\u00e4"}]'],
    ['datetimepicker', 1555614462000, '2019-04-18T19:07:42+00:00'],
    ['datetimepicker', 1555614462448, '2019-04-18T19:07:42.448000+00:00'],
    ['datetimepicker', -1, '1969-12-31T23:59:59.999000+00:00'],
    ['datetimepicker', 8.64e15, 8.64e15],
    ['datetimepicker', '2019-04-18', '2019-04-18'],
    ['datepicker', 1550073347000, '2019-02-13T15:55:47'],
    ['textarea', '<div>a</div>', '<div>a</div>'],
    ['textarea', { format: 'html', content: '<b>x</b>' }, '<b>x</b>'],
    ['textarea', { format: 'html', content: null }, null],
    ['number', 12, 12],
    ['number', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['text', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['datetimepicker', 9_007_199_254_740_993n, 9_007_199_254_740_993n],
    ['select', 9_007_199_254_740_993n, '9007199254740993'],
    ['none', [9_007_199_254_740_993n], '[9007199254740993]'],
    ['of_tomorrow', { a: 9_007_199_254_740_993n }, '{"a": 9007199254740993}'],
    ['number', { id: 12, name: 'twelve' }, 12],
    ['boolean', false, false],
    ['text', 'emoji 😀', 'emoji 😀'],
    ['nested_collection', { id: 338, name: 'mail.eml', size: 1 }, 'mail.eml'],
    ['none', [], ''],
    ['none', [{ id: 1 }], '[{"id": 1}]'],
    ['none', [1, 2], '[1, 2]'],
    ['of_tomorrow', { a: { b: [true, null] } }, '{"a": {"b": [true, null]}}'],
    ['of_tomorrow', 'x', 'x'],
  ])('%s: %p becomes %p', (inputType, value, expected) => {
    expect(translateValue(field(inputType, SEVERITIES), value)).toBe(expected);
  });

  it('gives labels for the letters of plan_status', () => {
    expect(translateValue(field('select', [{ value: 'A', label: 'Active' }]), 'A')).toBe('Active');
  });
});

describe('dates as Python prints them', () => {
  it('name the same instant, without microseconds unless there are any', () => {
    // The years that Python's datetime knows.
    fc.assert(
      fc.property(fc.integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 }), (ms) => {
        const text = pythonIsoUtc(ms) ?? '';
        expect(text).toMatch(
          ms % 1000 === 0 ? /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000$/,
        );
        expect(Date.parse(`${text.replace(/000$/, '')}Z`.replace(/\.Z/, 'Z'))).toBe(ms);
      }),
    );
  });

  it('are none outside those years', () => {
    expect(pythonIsoUtc(-62_135_596_800_001)).toBeUndefined();
    expect(pythonIsoUtc(253_402_300_800_000)).toBeUndefined();
    expect(pythonIsoUtc(Number.NaN)).toBeUndefined();
  });
});

describe('pythonJson', () => {
  it('is ASCII and reads back, with Python’s spaces', () => {
    expect(pythonJson({ a: [1, 'ä\u007f😀\ud800'], b: {}, c: undefined })).toBe(
      '{"a": [1, "\\u00e4\\u007f\\ud83d\\ude00\\ud800"], "b": {}}',
    );
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = pythonJson(value, indent);
        expect(text).toMatch(/^[\n\x20-\x7e]*$/);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('flatten', () => {
  const incident = schemaOf('incident', 0, [
    { name: 'name' },
    { name: 'severity_code', input_type: 'select', values: SEVERITIES },
    { name: 'discovered_date', input_type: 'datetimepicker' },
    { name: 'data_compromised', input_type: 'boolean', prefix: 'pii' },
    { name: 'gdpr_breach_type', input_type: 'select', prefix: 'gdpr' },
    { name: 'risk', input_type: 'select', prefix: 'properties', values: [{ value: 102, label: 'a' }] },
    { name: 'org_handle', input_type: 'select', values: [{ value: 201, label: 'Test Organization' }] },
    { name: '__proto__', prefix: 'properties' },
  ]);

  it('puts every field of an incident on one level, with IBM’s extra columns', () => {
    const payload = Object.freeze({
      id: 4517,
      name: 'Suspicious login',
      severity_code: 6,
      discovered_date: 1611190933000,
      pii: { data_compromised: null },
      properties: { risk: 102 },
      org_id: 201,
      org_handle: 201,
      hipaa: { hipaa_breach: true, hipaa_breach_comment: { format: 'text', content: 'c' } },
      perms: { read: true },
    });
    const row = flatten(eventOf(incident, payload));
    expect(row).toMatchObject({
      id: 4517,
      inc_id: 4517,
      org_id: 201,
      org_name: 'Test Organization',
      name: 'Suspicious login',
      severity_code: 'High',
      discovered_date: '2021-01-21T01:02:13+00:00',
      data_compromised: null,
      gdpr_breach_type: null,
      risk: 'a',
      hipaa_breach: true,
      hipaa_breach_comment: 'c',
      hipaa_adverse: null,
    });
    expect(Object.keys(row)).toHaveLength(8 + 4 + 10);
    expect(Object.hasOwn(row, '__proto__')).toBe(true);
    expect(row).not.toHaveProperty('perms');
  });

  it('takes the organization’s name from its caller first, and an unknown one is null', () => {
    expect(flatten(eventOf(incident, { org_handle: 201 }), { orgName: 'Mine' })['org_name']).toBe('Mine');
    expect(flatten(eventOf(incident, { org_handle: 999 }))['org_name']).toBeNull();
    expect(flatten(eventOf(incident, {}))).toMatchObject({ org_id: 201, org_name: null, name: null });
  });

  it('knows the task of a note and of an attachment', () => {
    const note = schemaOf('note', 2, [{ name: 'text', input_type: 'textarea' }]);
    expect(flatten(eventOf(note, { id: 77, text: '<p>x</p>', task_id: 5 }))).toEqual({
      id: 77,
      inc_id: 4517,
      text: '<p>x</p>',
      task_id: 5,
    });
    const parent = { orgId: 201, incidentId: 4517, type: 'task', objectId: 6 };
    expect(flatten(eventOf(note, {}, { parent }))['task_id']).toBe(6);
    expect(flatten(eventOf(note, {}))['task_id']).toBeNull();
    const attachment = schemaOf('attachment', 5, [{ name: 'task_id', input_type: 'number' }]);
    expect(flatten(eventOf(attachment, { task_id: { id: 9, name: 'T' } }))['task_id']).toBe(9);
  });

  it('reads an artifact’s nested parts', () => {
    const artifact = schemaOf('artifact', 4, [
      { name: 'source', input_type: 'boolean', prefix: 'ip' },
      { name: 'attachment', input_type: 'nested_collection' },
      { name: 'hits', input_type: 'none' },
      { name: 'tags', input_type: 'multiselect_tagref', prefix: 'global_info' },
    ]);
    const payload = { ip: { source: true }, attachment: { name: 'mail.eml' }, hits: [], global_info: null };
    expect(flatten(eventOf(artifact, payload))).toEqual({
      id: 77,
      inc_id: 4517,
      source: true,
      attachment: 'mail.eml',
      hits: '',
      tags: null,
    });
  });

  it('reads a data table’s cells by column, and a column never hides the row’s own id', () => {
    const table = schemaOf(
      'test_dt',
      8,
      [
        { name: 'col_1', id: 322, input_type: 'textarea' },
        { name: 'col_2', id: 323, input_type: 'select', values: [{ value: 52, label: 'sel 1' }] },
        { name: 'col_3', id: 324 },
        { name: 'id', id: 325 },
      ],
      1001,
    );
    const cells = {
      322: { id: 322, value: '<p>t</p>' },
      323: { id: 323, value: 52 },
      324: { id: 324 },
      325: { value: 'mine' },
    };
    const expected = { id: 77, inc_id: 4517, col_1: '<p>t</p>', col_2: 'sel 1', col_3: null };
    expect(flatten(eventOf(table, { id: 77, cells }))).toEqual(expected);
    expect(
      flatten(eventOf(table, { id: 77, cells: { col_1: { value: '<p>t</p>' }, col_2: { value: { id: 52 } } } })),
    ).toEqual(expected);
    expect(flatten(eventOf(table, { id: 77 }))).toEqual({ ...expected, col_1: null, col_2: null });
  });
});

describe('pythonJson', () => {
  it('writes whole numbers with all their digits, on one line and on many', () => {
    const value = { n: 9_007_199_254_740_993n, in: [10n ** 30n] };
    expect(pythonJson(value)).toBe(`{"n": 9007199254740993, "in": [1${'0'.repeat(30)}]}`);
    expect(pythonJson({ n: 9_007_199_254_740_993n, a: 'ä' }, 2)).toBe(
      '{\n  "n": 9007199254740993,\n  "a": "\\u00e4"\n}',
    );
  });
});
