import { expect } from '@jest/globals';
import { anIncident } from '../../events/builders.js';
import type { TargetScenario } from '../TargetScenario.js';

export const poison: readonly TargetScenario[] = [
  {
    name: 'fails a bad object for ever (PermanentError) or skips it, and takes the next one',
    isFor: ({ has }) => has.has('poison'),
    async run(subject) {
      await subject.open();
      const bad = await subject.poison();
      for (const _attempt of [1, 2]) expect(['skipped', 'refused']).toContain(await subject.takenOrRefused(bad));
      await subject.delivered(anIncident({ incidentId: 2300 }));
      expect(await subject.there(anIncident({ incidentId: 2300 }))).toHaveLength(1);
    },
  },
];
