import { describe, expect, it } from '@jest/globals';
import type { FeedEvent, ObjectKey, SoarObject } from '@soar-feed/core';
import { identityOf, isGivenAgain } from '../../src/mapping/identity.js';

const schema = { name: '', id: 0, kind: 0, displayName: '', parentTypes: [], fields: new Map() };

/** An object as a message or a reading tells it. */
function told(type: string, payload: SoarObject): FeedEvent {
  const key: ObjectKey = { orgId: 201, incidentId: 7, type, objectId: 70 };
  const above = (parentType: string, id: unknown): ObjectKey | undefined =>
    typeof id === 'number' && id > 0 ? { ...key, type: parentType, objectId: id } : undefined;
  const parent = above(type, payload['parent_id']) ?? above('task', payload['task_id']);
  return {
    ...{ id: 'e', origin: 'queue', operation: 'upsert', key, workspace: '', observedAtMs: 1, payload, schema },
    ...(parent === undefined ? {} : { parent }),
  };
}

const after = (type: string, before: SoarObject, now: SoarObject): boolean =>
  isGivenAgain(told(type, now), { digests: identityOf(told(type, before)) });

const ofIncident = { type: 'incident', parent_id: null, task_id: null };
const ofTask = { type: 'task', parent_id: null, task_id: 5 };

describe('an id belongs to another object', () => {
  it.each<[string, string, SoarObject, SoarObject]>([
    ['a reply that is a note of its own now', 'note', { ...ofIncident, parent_id: 9 }, ofIncident],
    ['a note that is a reply now', 'note', ofIncident, { ...ofIncident, parent_id: 9 }],
    ['a reply to another note', 'note', { ...ofIncident, parent_id: 9 }, { ...ofIncident, parent_id: 8 }],
    ['a note of the incident that is one of a task', 'note', ofIncident, ofTask],
    ["a task's note that is one of the incident", 'note', ofTask, ofIncident],
    ["another task's note", 'note', ofTask, { ...ofTask, task_id: 6 }],
    ['an artifact of another value', 'artifact', { type: 1, value: 'a' }, { type: 1, value: 'b' }],
    ['an artifact of another type', 'artifact', { type: 1, value: 'a' }, { type: 2, value: 'a' }],
    [
      'an artifact of another file',
      'artifact',
      { type: 1, value: 'a', attachment: { size: 3 } },
      { type: 1, value: 'a', attachment: { size: 4 } },
    ],
    ['an attachment of another name', 'attachment', { name: 'a', size: 3 }, { name: 'b', size: 3 }],
    ['an attachment of another size', 'attachment', { name: 'a', size: 3 }, { name: 'a', size: 4 }],
  ])('%s', (_what, type, before, now) => {
    expect(after(type, before, now)).toBe(true);
  });
});

describe('an id belongs to the same object', () => {
  it.each<[string, string, SoarObject, SoarObject]>([
    ['its text changes', 'note', { ...ofIncident, text: 'a' }, { ...ofIncident, text: 'b', modify_date: 2 }],
    ['no parent is null or 0', 'note', ofIncident, { ...ofIncident, parent_id: 0, task_id: 0 }],
    ['a form without parent and task', 'note', { ...ofTask, parent_id: 9 }, { text: 'b' }],
    ['a form without parent and task first', 'note', { text: 'b' }, { ...ofTask, parent_id: 9 }],
    ['the task is told by its reading, not by itself', 'note', ofTask, { type: 'task', parent_id: null }],
    ['a type as search gives it', 'artifact', { type: 1, value: 'a' }, { type: { id: 1, name: 'IP' }, value: 'a' }],
    ['a type by name', 'artifact', { type: 1, value: 'a' }, { type: 'IP', value: 'a' }],
    ['an artifact that loses its parent', 'artifact', { type: 1, value: 'a', parent_id: 3 }, { type: 1, value: 'a' }],
    ['a moved attachment', 'attachment', { name: 'a', size: 3, task_id: 5 }, { name: 'a', size: 3, task_id: null }],
    ['a file whose size is not told', 'attachment', { name: 'a', size: 3 }, { name: 'a', size: 0 }],
    ['a task in another phase', 'task', { name: 'a', phase_id: 1 }, { name: 'b', phase_id: 2 }],
    ['a row', 'hosts', { cells: { a: 1 } }, { cells: { a: 2 } }],
  ])('%s', (_what, type, before, now) => {
    expect(after(type, before, now)).toBe(false);
  });

  it('where the row was written by an older version', () => {
    expect(isGivenAgain(told('note', ofIncident), { digests: { text: 'x' } })).toBe(false);
  });

  it('holds no text of the incident', () => {
    expect(JSON.stringify(identityOf(told('artifact', { type: 1, value: 'secret.example' })))).not.toContain('secret');
  });
});
