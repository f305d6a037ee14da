import { expect, it } from '@jest/globals';
import { anIncident, aNote, aTask } from '@soar-feed/feed-testkit';
import { NotClosed } from '../../src/replicate/NotClosed.js';

const { key } = anIncident();
const task = { ...aTask().key, incidentId: key.incidentId };

it('has an incident loaded twice, and again after a task of it has changed', () => {
  const notClosed = new NotClosed();
  expect(notClosed.refused(key)).toBe(true);
  expect(notClosed.isHopeless(key)).toBe(false);
  // What the load itself brings is no reason.
  expect(notClosed.mayCloseAfter(task)).toBe(false);
  expect(notClosed.refused(key)).toBe(true);
  expect(notClosed.isHopeless(key)).toBe(true);
  expect(notClosed.mayCloseAfter(task)).toBe(false);
  expect(notClosed.refused(key)).toBe(false);
  expect(notClosed.isHopeless(key)).toBe(true);
  expect(notClosed.mayCloseAfter({ ...aNote().key, incidentId: key.incidentId })).toBe(false);
  expect(notClosed.mayCloseAfter({ ...task, incidentId: key.incidentId + 1 })).toBe(false);
  expect(notClosed.mayCloseAfter(task)).toBe(true);
  expect(notClosed.mayCloseAfter(task)).toBe(false);
  expect(notClosed.isHopeless(key)).toBe(false);
  expect(notClosed.refused(key)).toBe(true);
});

it('forgets what was closed', () => {
  const notClosed = new NotClosed();
  notClosed.refused(key);
  notClosed.closed(key);
  expect(notClosed.refused(key)).toBe(true);
});
