import type { FeedEvent } from '@soar-feed/core';
import { anArtifact, anIncident, aNote, aRow, aTask } from '../../events/builders.js';
import { must, show } from '../must.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';

const of = { incidentId: 2150, origin: 'reload' } as const;
const closed = anIncident({ ...of, payload: { name: 'Closed long ago', plan_status: 'C', vers: 9 } });
const task = aTask(of);
/** As a reload sends it: the incident, what hangs below it, and the closed incident once more. */
const LOADED: readonly FeedEvent[] = [
  { ...closed, followedByObjects: true },
  ...[task, aNote({ ...of, parent: task.key }), anArtifact(of), aRow(of)],
  closed,
];

export const wholeIncident: readonly TargetScenario[] = [
  {
    name: 'loads a closed incident whole, as a reload sends it, twice as well as once',
    async run(subject) {
      await subject.open();
      for (const _reload of [1, 2]) {
        for (const event of LOADED) await subject.takenOrSkipped(event);
      }
      const seen = await subject.holds(closed, 1, 'two reloads of it');
      must(says(seen, 'Closed long ago'), 'show an incident as the reload sent it', `readBack gave ${show(seen)}`);
    },
  },
];
