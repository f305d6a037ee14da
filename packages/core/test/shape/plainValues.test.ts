import { describe, expect, it } from '@jest/globals';
import { plainValues } from '../../src/shape/plainValues.js';

const fields = new Map([
  ['severity_code', { inputType: 'select' }],
  ['owner_id', { inputType: 'select_owner' }],
  ['members', { inputType: 'multiselect_members' }],
  ['incident_type_ids', { inputType: 'multiselect' }],
  ['description', { inputType: 'textarea', richText: true }],
  ['remarks', { inputType: 'textarea', richText: false }],
  ['name', { inputType: 'text' }],
  ['discovered_date', { inputType: 'datetimepicker' }],
  ['ticket_level', { inputType: 'select' }],
]);
const plain = (object: Readonly<Record<string, unknown>>) => plainValues(object, fields);

describe('plainValues', () => {
  it('makes ids of handles, whatever form they have', () => {
    const object = {
      severity_code: { id: 6, name: 'High' },
      owner_id: 3,
      members: [{ id: 3, name: 'Ada' }, 4],
      incident_type_ids: null,
    };
    expect(plain(object)).toEqual({ severity_code: 6, owner_id: 3, members: [3, 4], incident_type_ids: null });
  });

  it('makes a list of ids of members that come as values by id', () => {
    const members = { values: { '3': { id: 3, name: 'ada@example.com' }, '201': null } };
    expect(plain({ members })).toEqual({ members: [3, 201] });
    expect(plain({ members: { values: {} } })).toEqual({ members: [] });
    expect(plain({ cells: { '1': { id: 1, value: members } } })).toEqual({
      cells: { '1': { id: 1, value: [3, 201] } },
    });
  });

  it('makes ids of the handles that no field describes', () => {
    const object = {
      id: 9,
      inc_id: { id: 1, name: 'I' },
      task_id: { id: 2, name: 'T' },
      parent_id: { id: 3 },
      type_id: { id: 1001 },
    };
    expect(plain(object)).toEqual({ id: 9, inc_id: 1, task_id: 2, parent_id: 3, type_id: 1001 });
  });

  it('keeps the format only of a rich text that is none', () => {
    expect(plain({ description: { format: 'html', content: '<b>x</b>' } })).toEqual({ description: '<b>x</b>' });
    expect(plain({ description: { format: 'text', content: 'a < b' } })).toEqual({
      description: { format: 'text', content: 'a < b' },
    });
    expect(plain({ remarks: { format: 'text', content: 'a < b' } })).toEqual({ remarks: 'a < b' });
    expect(plain({ description: null, remarks: 'already plain' })).toEqual({
      description: null,
      remarks: 'already plain',
    });
  });

  it('goes into sections that hold fields, and leaves other objects as they are', () => {
    const creator = { id: 3, display_name: 'Ada' };
    expect(plain({ properties: { ticket_level: { id: 102, name: 'a' } }, creator })).toEqual({
      properties: { ticket_level: 102 },
      creator,
    });
    expect(plain({ name: { id: 1 }, discovered_date: 5, unknown: [{ id: 1 }] })).toEqual({
      name: { id: 1 },
      discovered_date: 5,
      unknown: [{ id: 1 }],
    });
  });

  it('reads cells by the form of their value', () => {
    const cells = {
      '1': { id: 1, row_id: 27, value: { id: 52, name: 'sel 1' } },
      '2': { id: 2, row_id: 27, value: [{ id: 5 }, { id: 6 }] },
      '3': { id: 3, row_id: 27, value: { format: 'html', content: '<p>x</p>' } },
      '4': { id: 4, row_id: 27 },
      '5': null,
      '6': { id: 6, row_id: 27, value: false },
    };
    expect(plain({ cells })).toEqual({
      cells: {
        '1': { id: 1, row_id: 27, value: 52 },
        '2': { id: 2, row_id: 27, value: [5, 6] },
        '3': { id: 3, row_id: 27, value: '<p>x</p>' },
        '4': { id: 4, row_id: 27 },
        '5': null,
        '6': { id: 6, row_id: 27, value: false },
      },
    });
    expect(plain({ cells: null })).toEqual({ cells: null });
  });

  it('changes nothing that is handed in', () => {
    const object = Object.freeze({ members: Object.freeze([Object.freeze({ id: 3 })]), cells: Object.freeze({}) });
    expect(plain(object)).toEqual({ members: [3], cells: {} });
    expect(object).toEqual({ members: [{ id: 3 }], cells: {} });
  });
});
