import { PermanentError } from '@soar-feed/core';
import { expect, it } from '@jest/globals';
import { aDelete, anIncident, aRow, aTask } from '@soar-feed/feed-testkit';
import { messageOf, sizeOf } from '../src/message/messageOf.js';
import { Topics } from '../src/message/Topics.js';

const headersOf = (message: ReturnType<typeof messageOf>) =>
  Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, value.toString()]));

it('writes the value as IBM does: flat, with inc_id and id, as Python’s json.dumps', () => {
  const message = messageOf(aTask({ payload: { name: 'Prüfen' } }), 't', { isTombstone: false });
  expect(message.value?.toString()).toBe('{"name": "Pr\\u00fcfen", "status": "Open", "id": 310, "inc_id": 2100}');
});

it('defect: no key, so no order per object; now the key is the object, and the incident decides the partition', () => {
  const { key, partitionBy } = messageOf(aTask(), 't', { isTombstone: false });
  expect(key.toString()).toBe('201/task/310');
  expect(partitionBy).toBe('2100');
  expect(messageOf(anIncident(), 't', { isTombstone: false }).partitionBy).toBe('2100');
});

it('has IBM’s headers action and type, the type of a row being its table’s API name, and more', () => {
  expect(headersOf(messageOf(aRow({ workspace: 'Büro' }), 't', { isTombstone: false }))).toEqual({
    action: 'upsert',
    type: 'hosts',
    org: '201',
    inc_id: '2100',
    workspace: 'Büro',
    observed_at: '2023-11-14T22:13:20.000Z',
    'soar-feed-version': expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

it('sends a delete as IBM does: the header says so, and the value is there; a tombstone has none', () => {
  const gone = aDelete(aTask());
  const [asIbm, tombstone] = [false, true].map((isTombstone) => messageOf(gone, 't', { isTombstone }));
  expect(headersOf(asIbm as never)).toMatchObject({ action: 'delete', type: 'task' });
  expect(JSON.parse(asIbm?.value?.toString() ?? '')).toMatchObject({ id: 310, inc_id: 2100 });
  expect(tombstone?.value).toBeNull();
  expect(headersOf(tombstone as never)).toEqual(headersOf(asIbm as never));
  expect(messageOf(aTask(), 't', { isTombstone: true }).value).not.toBeNull();
});

it('knows how much a message takes', () => {
  const small = sizeOf(messageOf(aTask(), 't', { isTombstone: false }));
  const large = sizeOf(messageOf(aTask({ payload: { name: 'n'.repeat(5_000) } }), 't', { isTombstone: false }));
  expect(large - small).toBe(5_000 - 'Initial triage'.length);
});

it('finds the topic by the map, then by its default or the template', () => {
  const { key } = aRow();
  const map = new Map([
    ['task', 'tasks'],
    ['default', 'rest'],
  ]);
  expect(new Topics(map, undefined).of(aTask().key)).toBe('tasks');
  expect(new Topics(map, undefined).of(key)).toBe('rest');
  expect(new Topics(new Map([['task', 'tasks']]), undefined).of(key)).toBeUndefined();
  expect(new Topics(new Map([['task', 'tasks']]), 'soar.{org}.{type}').of(key)).toBe('soar.201.hosts');
  expect(() => new Topics(new Map(), 'soar.{type}').of({ ...key, type: '../x' })).toThrow(PermanentError);
  expect(new Topics(map, undefined).named).toEqual(['tasks', 'rest']);
  expect(new Topics(new Map(), 'soar.{type}').named).toEqual([]);
});
