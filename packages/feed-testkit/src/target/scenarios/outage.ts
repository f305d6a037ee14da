import { FeedError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { anIncident } from '../../events/builders.js';
import { must, mustOfCase, show, spell } from '../must.js';
import { caseHas } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

export const outage: readonly TargetScenario[] = [
  {
    name: 'says that the destination is away (UnavailableError), and works again when it is back and reopened',
    needs: [caseHas('outage')],
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const late = anIncident({ incidentId: 2110 });
      await whileAway(subject, async () => {
        await isUnavailable(subject, late, subject.deliver(late));
        if (subject.target.health === undefined) return;
        const health = await subject.target.health({ signal: new AbortController().signal });
        must(
          health.state !== 'up',
          'not be "up" by its health while its destination is away',
          `it says ${show(health)}`,
        );
      });
      await subject.close();
      await reopen(subject);
      await subject.delivered(late);
      await subject.delivered(anIncident({ payload: { name: 'After the outage', vers: 2 } }));
      await subject.holds(anIncident(), 1, 'an outage and a change');
    },
  },
  {
    name: 'throws UnavailableError when the destination is away at the start, and opens later',
    needs: [caseHas('outage')],
    async run(subject) {
      await whileAway(subject, async () => {
        // A target without a connection notices at its first delivery.
        const early = subject.tryOpen().then(() => subject.deliver(anIncident()));
        await isUnavailable(subject, anIncident(), early);
        await subject.close();
        await subject.close();
      });
      await reopen(subject);
      await subject.delivered(anIncident());
      await subject.holds(anIncident(), 1, 'an outage at the start');
    },
  },
];

async function whileAway(subject: TargetSubject, work: () => Promise<void>): Promise<void> {
  const back: unknown = await subject.outage();
  const duty = 'give a function that brings the destination back';
  mustOfCase(typeof back === 'function', 'outage', duty, `it gave ${show(back)}`);
  try {
    await work();
  } finally {
    await (back as () => Promise<void>)();
  }
}

/** If a delivery succeeds during the outage, either there is no outage or the target reports a false success. */
async function isUnavailable(subject: TargetSubject, event: FeedEvent, delivery: Promise<unknown>): Promise<void> {
  const promise =
    'throw an UnavailableError while its destination is away: the feed then waits, and no object is charged';
  const outcome = await delivery.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) {
    const { error } = outcome;
    return must(FeedError.is(error) && error.kind === 'unavailable', promise, `it threw ${show(error)}`);
  }
  const seen = await subject.there(event).catch(() => []);
  const did = `the destination took ${spell(event)} meanwhile, and readBack found ${show(seen)}: this outage is none`;
  mustOfCase(seen.length === 0, 'outage', 'take the whole destination away', did);
  must(false, promise, `it gave ${show(outcome.value)} for ${spell(event)}, which readBack does not find`);
}

async function reopen(subject: TargetSubject): Promise<void> {
  await subject.tryOpen().catch((error: unknown) => {
    const did = `open failed with ${show(error)}; or what the case's outage() gave does not bring the destination back`;
    must(false, 'open again when its destination is back', did);
  });
}
