import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { poison } from '../run/poison.js';
import { until } from '../run/until.js';
import { readState } from '../oracle/readState.js';
import type { World } from '../world/World.js';
import { anIncident, caughtUp } from './steps.js';
import type { Scenario } from './Scenario.js';

const LAGGING = { spillAfterMs: 1_000 };

/** So many rows of a feed stand parked, in the database. */
async function parkedRows(world: World, feed: string, count: number): Promise<void> {
  const rows = async (): Promise<number> =>
    (await readState(world.stateFile, 'parked')).parked.filter((row) => row.feed === feed).length;
  await until(`${count} rows of ${feed} stand parked`, async () => (await rows()) >= count);
}

/** What cannot be delivered now stands in the database, comes back in its place, and is not lost on the way. */
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
    site: LAGGING,
    target: { finalPhaseRequired: true },
    async play(world) {
      const id = anIncident(world, 'Closed at last');
      const task = world.source.createTask(id, { name: 'Do this first', required: true });
      await caughtUp(world);
      world.simulator.faults.add({ org: world.target.id, path: '/tasks/**', status: 503 });
      world.source.updateTask(task.id, { status: 'C' });
      await caughtUp(world);
      await parkedRows(world, 'resilient_feed', 1);
      world.source.closeIncident(id, { resolution: 'Resolved', summary: 'Done.' });
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
