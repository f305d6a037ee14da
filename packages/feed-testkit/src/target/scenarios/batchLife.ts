import { FeedError } from '@soar-feed/core';
import type { DeliveryOutcome, FeedEvent } from '@soar-feed/core';
import { aDelete, anIncident, aNote, aTask } from '../../events/builders.js';
import { HONOURS, notTheObjectsFault, reached, soon } from '../lettingGo.js';
import { must, show, spell } from '../must.js';
import { batchesOf, caseHas, deletesBy } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';

/** Enough to show how a batch is cut, and quick to read back. */
const MOST = 50;

const incidents = (count: number): readonly FeedEvent[] =>
  Array.from({ length: count }, (_, at) => anIncident({ incidentId: 2410 + at, payload: { name: `No. ${at}` } }));

export const batchLife: readonly TargetScenario[] = [
  {
    name: 'accepts as many events in one batch as it declares',
    needs: [batchesOf(2)],
    async run(subject) {
      await subject.open();
      const events = incidents(Math.min(subject.capabilities.batch?.maxEvents ?? 1, MOST));
      areTaken(events, await subject.deliverBatch(events));
      for (const event of events) await subject.holds(event, 1, `a batch of ${events.length}`);
    },
  },
  {
    name: 'applies the events of one object within a batch in order: written, changed, deleted',
    needs: [batchesOf(3), deletesBy('apply')],
    async run(subject) {
      await subject.open();
      const changed = anIncident({ payload: { name: 'Changed', vers: 2 } });
      const events = [anIncident(), changed, aDelete(changed)];
      areTaken(events, await subject.deliverBatch(events));
      await subject.holds(anIncident(), 0, 'a batch that writes, changes and deletes it');
    },
  },
  {
    name: 'accepts a parent and its children in one batch, or lets the children wait',
    needs: [batchesOf(3)],
    async run(subject) {
      await subject.open();
      const events = [anIncident(), aTask(), aNote({ parent: aTask().key })];
      const outcomes = await subject.deliverBatch(events);
      for (const [at, event] of events.entries()) {
        const promise = `take ${spell(event)} in a batch with its parents, skip it, or let it wait`;
        const { status } = outcomes[at] as DeliveryOutcome;
        must(['delivered', 'skipped', 'waiting'].includes(status), promise, `it gave ${show(outcomes[at])}`);
        await subject.holds(event, status === 'delivered' ? 1 : 0, `it said "${status}" in a batch`);
      }
      for (const event of events) await subject.takenOrSkipped(event);
    },
  },
  {
    name: 'fails a whole batch with UnavailableError while the destination is away, and accepts it afterwards',
    needs: [batchesOf(2), caseHas('outage')],
    async run(subject) {
      await subject.open();
      const events = incidents(2);
      const back = await subject.outage();
      try {
        const outcomes = await subject
          .deliverBatch(events)
          .catch((error: Error) => events.map(() => ({ status: 'failed' as const, error })));
        const promise = 'throw an UnavailableError for a batch while its destination is away, or fail each event by it';
        const isAway = ({ status, ...rest }: DeliveryOutcome): boolean =>
          status === 'failed' && 'error' in rest && FeedError.is(rest.error) && rest.error.kind === 'unavailable';
        must(outcomes.every(isAway), promise, `it gave ${show(outcomes)}`);
      } finally {
        await back();
      }
      await subject.close();
      await subject.open();
      areTaken(events, await subject.deliverBatch(events, { attempt: 2 }));
      for (const event of events) await subject.holds(event, 1, 'a batch that met an outage and came again');
    },
  },
  {
    name: 'stops a batch that hangs when it is aborted, and writes one of each object in the end',
    needs: [batchesOf(3), caseHas('silence')],
    async run(subject) {
      await subject.open();
      const events = incidents(3);
      const silence = await subject.silence();
      const stopping = new AbortController();
      const delivery = subject.deliverBatch(events, { signal: stopping.signal }).then(allFailed);
      const hanging = subject.failure(delivery, HONOURS);
      hanging.catch(() => undefined);
      try {
        await reached(silence, delivery);
        stopping.abort(new Error('the host is killed'));
        notTheObjectsFault(await soon(hanging));
      } finally {
        await silence.end();
      }
      areTaken(events, await subject.deliverBatch(events, { attempt: 2 }));
      for (const event of events) await subject.holds(event, 1, 'a batch that was cut short and came again');
    },
  },
];

/** Rejects with the first error, if each event of the batch failed. */
function allFailed(outcomes: readonly DeliveryOutcome[]): readonly DeliveryOutcome[] {
  const [first] = outcomes;
  if (first?.status === 'failed' && outcomes.every(({ status }) => status === 'failed')) throw first.error;
  return outcomes;
}

function areTaken(events: readonly FeedEvent[], outcomes: readonly DeliveryOutcome[]): void {
  for (const [at, event] of events.entries()) {
    const promise = `deliver ${spell(event)}, which is number ${at + 1} of a batch of ${events.length}`;
    must(outcomes[at]?.status === 'delivered', promise, `it gave ${show(outcomes[at])}`);
  }
}
