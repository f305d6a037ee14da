import { copyFileSync, rmSync } from 'node:fs';
import { until } from '../run/until.js';
import type { World } from '../world/World.js';
import { anIncident, caughtUp, logged, struck } from './steps.js';
import type { Scenario } from './Scenario.js';

const NOTES = '/incidents/:id/comments';
const SIX_MINUTES_MS = 6 * 60_000;

/** Something else answers in the platform's place, a clock is wrong, or a database is restored from a backup. */
export const outside: Readonly<Record<string, Scenario>> = {
  /** "default backend - 404" says nothing about an incident or a note. */
  'gateway-404': {
    async play(world) {
      const { source, simulator, target } = world;
      const id = anIncident(world, 'Behind a gateway');
      const note = source.addNote({ incidentId: id }, 'Deleted while the gateway answers.');
      await caughtUp(world);
      const gateway = { status: 404, page: 'text' } as const;
      const fault = simulator.faults.add({ org: target.id, gateway, forMs: 3_000 });
      source.updateIncident(id, { name: 'Renamed behind a gateway' });
      source.deleteNote(note.id);
      await struck(fault, 2);
    },
  },
  /** The create takes effect, but the proxy gives up on the answer. */
  'gateway-after-commit': {
    async play(world) {
      const id = anIncident(world, 'Done all the same');
      await caughtUp(world);
      const gateway = { status: 503, commit: 'after' } as const;
      const { faults } = world.simulator;
      const fault = faults.add({ org: world.target.id, method: 'POST', path: NOTES, gateway, times: 1 });
      world.source.addNote({ incidentId: id }, 'It is there, and a proxy said that it is not.');
      await struck(fault);
    },
  },
  /** The restored incident is changed: its version is lower than the one that was applied, and yet it is the truth. */
  'restored-source': {
    async play(world) {
      const { source } = world;
      const id = anIncident(world, 'As it was backed up');
      await caughtUp(world);
      const backup = source.backUp();
      for (const name of ['Changed once', 'Changed twice', 'Changed a third time'])
        source.updateIncident(id, { name, properties: { cost: 3 } });
      await caughtUp(world);
      source.restore(backup);
      source.updateIncident(id, { description: 'Changed after the restore.' });
      await caughtUp(world);
    },
  },
  /** A deleted note with replies stays as a frame, and the notes below it live on. */
  'edit-below-a-frame': {
    behaviour: { blankedNoteMessage: 'deleted' },
    async play(world) {
      const { source } = world;
      const id = anIncident(world, 'A thread');
      const note = source.addNote({ incidentId: id }, 'Deleted, with a reply.');
      const reply = source.reply(note.id, 'A reply.');
      await caughtUp(world);
      source.deleteNote(note.id);
      source.editNote(reply.id, 'A reply, edited below a frame.');
      source.reply(reply.id, 'An answer, two levels below a frame.');
      await caughtUp(world);
    },
  },
  /** The target's clock is behind, so an object made just now is dated six minutes ago. */
  'unanswered-create-by-another-clock': {
    clocks: { source: 0, target: -SIX_MINUTES_MS },
    async play(world) {
      const id = anIncident(world, 'By another clock');
      await caughtUp(world);
      const { faults } = world.simulator;
      const fault = faults.add({ org: world.target.id, method: 'POST', path: NOTES, reset: 'after', times: 1 });
      world.source.addNote({ incidentId: id }, 'It is there, and was made before it was sent.');
      await struck(fault);
    },
  },
  'large-integer': {
    async play(world) {
      const { source } = world;
      const id = anIncident(world, 'Customer');
      source.updateIncident(id, { properties: { cost: 9_007_199_254_740_993n } });
      await caughtUp(world);
    },
  },
  /**
   * A copy of the mapping from before two incidents were made is put back; then comes one more incident, and one more
   * start.
   */
  'older-mapping': {
    async play(world) {
      anIncident(world, 'Known to the copy');
      await caughtUp(world);
      await world.stop();
      const copy = `${world.mappingFile}.copy`;
      copyFileSync(world.mappingFile, copy);
      await startReady(world);
      const lost = [anIncident(world, 'Lost one'), anIncident(world, 'Lost two')];
      await caughtUp(world);
      await world.stop();
      for (const ending of ['-wal', '-shm']) rmSync(`${world.mappingFile}${ending}`, { force: true });
      copyFileSync(copy, world.mappingFile);
      await startReady(world);
      anIncident(world, 'One more');
      await caughtUp(world);
      await world.stop();
      await startReady(world);
      for (const id of lost) world.source.updateIncident(id, { description: 'Changed when its mapping was lost.' });
      await caughtUp(world);
    },
  },
};

async function startReady(world: World): Promise<void> {
  await world.start();
  await until('a process runs', () => world.running !== undefined);
  await logged(world, 'host.ready');
}
