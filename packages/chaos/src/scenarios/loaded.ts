import { runWorkload } from '@soar-feed/soar-simulator';
import { anIncident, caughtUp, logged } from './steps.js';
import type { Scenario } from './Scenario.js';

/** What the queue alone does not bring, and what a reload must not undo. */
export const loaded: Readonly<Record<string, Scenario>> = {
  /** Closed long ago, so no message has brought its objects: its first event loads it whole. */
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
  /**
   * As above, but the first message is about a child: its incident is fetched for it, and all its other objects must
   * come too.
   */
  'child-of-an-unseen-incident': {
    before(world) {
      world.source.setRules(false);
      const id = anIncident(world, 'Seen through its note');
      world.source.addMilestone(id, { title: 'Nobody was told of this', date: 1_700_000_000_000 });
      world.source.closeIncident(id, { resolution: 'Resolved', summary: 'Done.' });
      world.source.setRules(true);
    },
    async play(world) {
      const [incidentId = 0] = world.source.incidentIds();
      world.source.addNote({ incidentId }, 'The first word of it');
      await caughtUp(world);
    },
  },
  /** The search index still shows an incident as it was before a message changed it. */
  'stale-index': {
    behaviour: { searchLagMs: 1 },
    site: { reload: true },
    before(world) {
      const incidentId = anIncident(world, 'Seen late');
      world.source.addNote({ incidentId }, 'As it was');
      world.source.addMilestone(incidentId, { title: 'As it was', date: 1_700_000_000_000 });
    },
    async play(world) {
      const { source, simulator } = world;
      await logged(world, 'reload.finished');
      await caughtUp(world);
      simulator.behaviour.searchLagMs = 60_000;
      const [incidentId = 0] = source.incidentIds();
      for (const { id } of source.notes({ incidentId })) source.editNote(id, 'As it is');
      for (const { id } of source.milestones(incidentId)) source.updateMilestone(id, { title: 'As it is' });
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
