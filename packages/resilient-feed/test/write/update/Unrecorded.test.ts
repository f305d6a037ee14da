import { expect, it } from '@jest/globals';
import { Unrecorded } from '../../../src/write/update/Unrecorded.js';

const key = { orgId: 201, incidentId: 2001, type: 'task', objectId: 7 };
const other = { ...key, objectId: 8 };

it('counts an object whose commit failed, until one is durable', async () => {
  const unrecorded = new Unrecorded();
  await unrecorded.until(key, Promise.resolve());
  expect(unrecorded.has(key)).toBe(false);
  await expect(unrecorded.until(key, Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
  expect([unrecorded.has(key), unrecorded.has(other)]).toEqual([true, false]);
  await unrecorded.until(other, Promise.resolve());
  expect(unrecorded.has(key)).toBe(true);
  await unrecorded.until(key, Promise.resolve());
  expect(unrecorded.has(key)).toBe(false);
});
