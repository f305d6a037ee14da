import { FeedError } from '@soar-feed/core';
import type { DeliveryOutcome } from '@soar-feed/core';
import { anIncident } from '../../events/builders.js';
import { must, show } from '../must.js';
import { says } from '../textsIn.js';
import { batchesOf, caseHas } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';

const named = (incidentId: number, name: string, vers = 1) => anIncident({ incidentId, payload: { name, vers } });

export const batch: readonly TargetScenario[] = [
  {
    name: 'answers a batch with one outcome per event, in the same order, and applies it in that order',
    needs: [batchesOf(1)],
    async run(subject) {
      await subject.open();
      const largest = subject.capabilities.batch?.maxEvents ?? 1;
      const events = [named(2401, 'Old'), named(2402, 'Other'), named(2401, 'New', 2)].slice(0, largest);
      const outcomes = await subject.deliverBatch(events);
      allDelivered(outcomes);
      const seen = await subject.holds(anIncident({ incidentId: 2401 }), 1, 'a batch with two snapshots of it');
      const [newest, older] = largest < 3 ? ['Old', 'New'] : ['New', 'Old'];
      const promise = `apply a batch in its order: "${newest}" is the last snapshot of incident 2401`;
      must(says(seen, newest) && !says(seen, older), promise, `readBack gave ${show(seen)}`);
      allDelivered(await subject.deliverBatch(events));
      await subject.holds(anIncident({ incidentId: 2401 }), 1, 'the same batch twice');
    },
  },
  {
    name: 'fails the bad event of a batch and delivers the others',
    needs: [batchesOf(3), caseHas('poison')],
    async run(subject) {
      await subject.open();
      const bad = await subject.poison();
      const outcomes = await subject.deliverBatch([named(2401, 'One'), bad, named(2402, 'Two')]);
      const [first, refused, last] = outcomes;
      allDelivered([first, last]);
      const promise = 'fail the bad one of a batch alone, for ever (PermanentError), or skip it';
      const isRefused =
        refused?.status === 'failed'
          ? FeedError.is(refused.error) && refused.error.kind === 'permanent'
          : refused?.status === 'skipped';
      must(isRefused, promise, `it gave ${show(refused)}`);
      for (const incidentId of [2401, 2402])
        await subject.holds(anIncident({ incidentId }), 1, 'a batch with a bad one');
    },
  },
];

function allDelivered(outcomes: readonly (DeliveryOutcome | undefined)[]): void {
  const promise = 'deliver the good ones of a batch, each outcome at the place of its event';
  must(
    outcomes.every((outcome) => outcome?.status === 'delivered'),
    promise,
    `it gave ${show(outcomes)}`,
  );
}
