import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { until } from '../intake/reload/reloadBench.js';
import { hostBench } from './hostBench.js';
import type { HostBench } from './hostBench.js';

jest.setTimeout(60_000);

const AHEAD_MS = 20 * 60_000;

let bench: HostBench;

beforeEach(async () => {
  bench = await hostBench();
});
afterEach(() => bench.stop());

it('what was made while the source’s clock was ahead is followed at once when it is set right', async () => {
  const { org, target } = bench;
  const standing = new Map<number, unknown>();
  target.answer = ({ key, operation, payload }) => {
    if (operation === 'delete') standing.delete(key.objectId);
    else if (key.type !== 'incident')
      standing.set(key.objectId, payload['title'] ?? payload['name'] ?? payload['text']);
    return { status: 'delivered', change: operation === 'delete' ? 'deleted' : 'updated' };
  };
  org.clockOffsetMs = AHEAD_MS;
  await bench.host().start();
  const { id: incidentId } = org.createIncident({ name: 'One', discovered_date: 1_763_000_000_000 });
  const milestone = org.addMilestone(incidentId, { title: 'Ahead', date: 1_763_000_000_000 }).id;
  const task = org.createTask(incidentId, { name: 'Ahead', phase_id: 'Initial' }).id;
  const note = org.addNote({ incidentId }, 'Ahead').id;
  await until(() => [milestone, task, note].every((id) => standing.has(id)), 'all are there');

  org.clockOffsetMs = 0;
  org.updateMilestone(milestone, { title: 'Set right' });
  org.updateTask(task, { name: 'Set right' });
  org.editNote(note, 'Set right');
  const rights = () => [milestone, task, note].map((id) => String(standing.get(id)).includes('Set right'));
  await until(() => rights().every(Boolean), 'the edits');

  org.deleteMilestone(milestone);
  org.deleteTask(task);
  org.deleteNote(note);
  await until(() => target.seen.filter((name) => name.startsWith('delete')).length === 3, 'the deletes');
  expect([...standing]).toEqual([]);
});
