import { expect } from '@jest/globals';
import { anIncident, aTask } from '../../events/builders.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';

const INCIDENTS = Array.from({ length: 12 }, (_, at) => 2200 + at);

export const together: readonly TargetScenario[] = [
  {
    name: 'takes many incidents beside each other, each once and with its own objects',
    async run(subject) {
      await subject.open();
      // One lane each, as many as the target says.
      const width = subject.capabilities.concurrency ?? 16;
      for (let from = 0; from < INCIDENTS.length; from += width) {
        await Promise.all(
          INCIDENTS.slice(from, from + width).map(async (incidentId) => {
            await subject.delivered(anIncident({ incidentId, payload: { name: `Incident no. ${incidentId}` } }));
            await subject.takenOrSkipped(aTask({ incidentId, objectId: incidentId + 1_000 }));
          }),
        );
      }
      for (const incidentId of INCIDENTS) {
        const seen = await subject.there(anIncident({ incidentId }));
        expect(seen).toHaveLength(1);
        expect(says(seen, `Incident no. ${incidentId}`)).toBe(true);
      }
    },
  },
];
