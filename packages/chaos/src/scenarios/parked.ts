import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { poison } from '../run/poison.js';
import { anIncident, caughtUp, LAGGING, parkedRows, struck } from './steps.js';
import type { Scenario } from './Scenario.js';

/** What cannot be delivered now is parked in the database, returns to its place in line, and is not lost on the way. */
export const parked: Readonly<Record<string, Scenario>> = {
  'parked-and-killed': {
    site: LAGGING,
    async play(world) {
      const id = anIncident(world, 'Parked');
      await caughtUp(world);
      world.simulator.faults.add({ org: world.target.id, status: 503 });
      for (let count = 1; count <= 4; count += 1) world.source.addNote({ incidentId: id }, `Note ${count}`);
      await caughtUp(world);
      await world.kill(0);
    },
  },
  /** Closing is refused while a required task is open: the incident must not overtake its parked task. */
  'closed-behind-its-task': {
    site: { ...LAGGING, concurrency: 1 },
    target: { finalPhaseRequired: true },
    async play(world) {
      const ids = ['First in line', 'Second in line', 'Closed at last'].map((name) => anIncident(world, name));
      const tasks = ids.map((id) => world.source.createTask(id, { name: 'Do this first', required: true }));
      await caughtUp(world);
      const fault = world.simulator.faults.add({ org: world.target.id, path: '/tasks/**', status: 503 });
      for (const { id } of tasks) world.source.updateTask(id, { status: 'C' });
      await caughtUp(world);
      await parkedRows(world, 'resilient_feed', 3);
      await world.kill(0);
      // Parked rows get two lanes at most: the third task stays parked.
      await struck(fault, fault.hits + 2);
      world.source.closeIncident(ids[2] ?? 0, { resolution: 'Resolved', summary: 'Done.' });
      await caughtUp(world);
    },
  },
  'child-before-parent': {
    behaviour: { autoTaskMessages: 'before-incident' },
    async play(world) {
      world.source.createIncident({
        name: 'Tasks first',
        discovered_date: 1_700_000_000_000,
        incident_type_ids: ['Malware'],
      });
      await caughtUp(world);
    },
  },
  'deleted-while-parked': {
    site: { ...LAGGING, fileFeed: true },
    async play(world) {
      const id = anIncident(world, 'Deleted with all it holds');
      world.source.addNote({ incidentId: id }, 'First');
      await caughtUp(world);
      const files = join(world.folder, 'files');
      renameSync(files, `${files}-away`);
      world.source.updateIncident(id, { name: 'Deleted with all it held' });
      const task = world.source.createTask(id, { name: 'Too late' });
      world.source.addNote({ taskId: task.id }, 'Too late, too');
      await caughtUp(world);
      world.source.deleteIncident(id);
      await caughtUp(world);
      await parkedRows(world, 'file_feed', 3);
      renameSync(`${files}-away`, files);
    },
  },
  'refused-for-good': {
    behaviour: { maxAttachmentMb: 1 },
    async play(world) {
      anIncident(world, 'With a file too large');
      poison(world);
      await caughtUp(world);
    },
  },
};
