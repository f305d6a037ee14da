import { runWorkload } from '@soar-feed/soar-simulator';
import { anIncident, caughtUp, logged } from './steps.js';
import type { Scenario } from './Scenario.js';

/** What the queue alone does not bring, and what a reload must not undo. */
export const loaded: Readonly<Record<string, Scenario>> = {
  /** Closed long ago, so nobody has told of its objects: its first event loads it whole. */
  'unseen-incident': {
    before(world) {
      world.source.setRules(false);
      const id = anIncident(world, 'Older than the feed');
      world.source.addNote({ incidentId: id }, 'Nobody was told of this.');
      world.source.addMilestone(id, { title: 'Nor of this', date: 1_700_000_000_000 });
      world.source.closeIncident(id, { resolution: 'Resolved', summary: 'Done.' });
      world.source.setRules(true);
    },
    async play(world) {
      const [id = 0] = world.source.incidentIds();
      world.source.updateIncident(id, { name: 'Older than the feed, and changed' });
      await caughtUp(world);
    },
  },
  /** The search index still shows what a message has already changed. */
  'stale-index': {
    behaviour: { searchLagMs: 8_000 },
    site: { reload: true },
    before: (world) => void anIncident(world, 'Seen late'),
    async play(world) {
      await logged(world, 'reload.finished');
      const [incidentId = 0] = world.source.incidentIds();
      const note = world.source.addNote({ incidentId }, 'As it was');
      const milestone = world.source.addMilestone(incidentId, { title: 'As it was', date: 1_700_000_000_000 });
      await caughtUp(world);
      world.source.editNote(note.id, 'As it is');
      world.source.updateMilestone(milestone.id, { title: 'As it is' });
      await caughtUp(world);
      await world.restart(0);
    },
  },
  /** No trouble at all: work of every kind, and a restart in the middle. */
  everyday: {
    async play(world) {
      await runWorkload(world.source, { operations: 60, seed: 5, perSecond: 40 });
      await world.restart(0);
      await runWorkload(world.source, { operations: 60, seed: 6, perSecond: 40 });
      await caughtUp(world);
    },
  },
};
