import { setTimeout as sleep } from 'node:timers/promises';
import { anIncident, caughtUp, LAGGING, logged, parkedRows, struck } from './steps.js';
import type { Scenario } from './Scenario.js';

const NOTES = '/incidents/:id/comments';
/** Shorter than the site's `create_settle`, ms. */
const LATE_MS = 2_500;
/** Long enough for the next process to start and to look for the object; also shorter than `create_settle`, ms. */
const AFTER_A_START_MS = 3_500;

/** Creates whose outcome the host cannot know. */
export const creates: Readonly<Record<string, Scenario>> = {
  'unanswered-create': {
    async play(world) {
      const id = anIncident(world, 'Unanswered');
      await caughtUp(world);
      const fault = world.simulator.faults.add({
        org: world.target.id,
        method: 'POST',
        path: NOTES,
        reset: 'after',
        times: 1,
      });
      world.source.addNote({ incidentId: id }, 'It is there, and nobody said so.');
      await struck(fault);
    },
  },
  'killed-in-create': {
    async play(world) {
      const id = anIncident(world, 'Killed');
      await caughtUp(world);
      const fault = world.simulator.faults.add({
        org: world.target.id,
        method: 'POST',
        path: NOTES,
        // The next process starts work before that: what it does not find may still appear.
        lateCommitMs: AFTER_A_START_MS,
        times: 1,
      });
      world.source.addNote({ incidentId: id }, 'Made while its maker died.');
      await struck(fault);
      await world.kill(0);
      // A host that makes it again comes to rest before.
      await sleep(AFTER_A_START_MS);
    },
  },
  'late-commit': {
    async play(world) {
      const id = anIncident(world, 'Late');
      await caughtUp(world);
      const fault = world.simulator.faults.add({
        org: world.target.id,
        method: 'POST',
        path: NOTES,
        lateCommitMs: LATE_MS,
        times: 1,
      });
      world.source.addNote({ incidentId: id }, 'It comes when nobody waits for it any more.');
      await struck(fault);
      // A host that creates the note again comes to rest before that.
      await sleep(LATE_MS);
    },
  },
  'unanswered-incident': {
    site: { references: false },
    async play(world) {
      const fault = world.simulator.faults.add({
        org: world.target.id,
        method: 'POST',
        path: '/incidents',
        reset: 'after',
        times: 1,
      });
      const id = anIncident(world, 'Unanswered incident');
      world.source.addNote({ incidentId: id }, 'Its note waits for it.');
      await struck(fault);
    },
  },
  /** Found again as soon as it is made, when the platform is about to make its tasks: the host must not make them. */
  'unanswered-incident-with-tasks': {
    site: { reload: true },
    before({ source, simulator, target }) {
      const values = { discovered_date: 1_700_000_000_000, incident_type_ids: ['Malware'] };
      source.createIncident({ name: 'Its tasks come later', ...values });
      Object.assign(simulator.behaviour, { autoTasks: 'later', autoTaskDelayMs: 1_000 });
      simulator.faults.add({ org: target.id, method: 'POST', path: '/incidents', reset: 'after', times: 1 });
    },
    async play(world) {
      await logged(world, 'reload.finished');
      await caughtUp(world);
    },
  },
  'equal-siblings': {
    async play(world) {
      const id = anIncident(world, 'Siblings');
      world.source.addNote({ incidentId: id }, 'Called the user, no answer.');
      await caughtUp(world);
      const fault = world.simulator.faults.add({
        org: world.target.id,
        method: 'POST',
        path: NOTES,
        reset: 'before',
        times: 1,
      });
      world.source.addNote({ incidentId: id }, 'Called the user, no answer.');
      await struck(fault);
    },
  },
  /** The note's delete replaces its parked create, whose answer was lost, before the host has looked for the object. */
  'deleted-while-unanswered': {
    site: LAGGING,
    async play(world) {
      const id = anIncident(world, 'Gone again');
      await caughtUp(world);
      const { faults } = world.simulator;
      const fault = faults.add({ org: world.target.id, method: 'POST', path: NOTES, reset: 'after', times: 1 });
      faults.add({ org: world.target.id, path: NOTES, status: 503 });
      const note = world.source.addNote({ incidentId: id }, 'Deleted before anybody knew that it was made.');
      await struck(fault);
      await parkedRows(world, 'resilient_feed', 1);
      world.source.deleteNote(note.id);
      await caughtUp(world);
      // A process that still tries the create would find it.
      await world.kill(0);
    },
  },
};
