import { anIncident } from '../../events/builders.js';
import { mustOfCase, spell } from '../must.js';
import { caseHas } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';

export const poison: readonly TargetScenario[] = [
  {
    name: 'fails a bad object permanently (PermanentError) or skips it, and accepts the next one',
    needs: [caseHas('poison')],
    async run(subject) {
      await subject.open();
      const bad = await subject.poison();
      for (const _attempt of [1, 2]) {
        const ended = await subject.takenOrRefused(bad);
        const did = `the destination took ${spell(bad)}: this poison is none`;
        mustOfCase(ended !== 'delivered', 'poison', 'give an event that the destination does not take', did);
      }
      await subject.delivered(anIncident({ incidentId: 2300 }));
      await subject.holds(anIncident({ incidentId: 2300 }), 1, 'a bad object before it');
    },
  },
];
