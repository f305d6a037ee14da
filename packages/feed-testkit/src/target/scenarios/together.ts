import { anIncident, aTask } from '../../events/builders.js';
import { must, show } from '../must.js';
import { says } from '../textsIn.js';
import type { TargetScenario } from '../TargetScenario.js';

const INCIDENTS = Array.from({ length: 12 }, (_, at) => 2200 + at);

export const together: readonly TargetScenario[] = [
  {
    name: 'accepts many incidents concurrently, each once and with its own objects',
    async run(subject) {
      await subject.open();
      // One lane per incident, as many at a time as the target allows.
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
        const seen = await subject.holds(anIncident({ incidentId }), 1, `${width} deliveries beside each other`);
        const name = `Incident no. ${incidentId}`;
        must(says(seen, name), `keep incidents apart: "${name}" under its own id`, `readBack gave ${show(seen)}`);
      }
    },
  },
];
