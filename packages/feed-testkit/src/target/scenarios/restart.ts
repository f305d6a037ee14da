import { isDeepStrictEqual } from 'node:util';
import type { FeedEvent } from '@soar-feed/core';
import { anIncident, aTask } from '../../events/builders.js';
import { deliveredInTheEnd } from '../deliveredInTheEnd.js';
import { notTheObjectsFault, soon } from '../lettingGo.js';
import { must, show, spell } from '../must.js';
import { caseHas } from '../needs.js';
import { oneOfEach } from '../oneOfEach.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

const CUT = Array.from({ length: 8 }, (_, at) => 2700 + at);

export const restart: readonly TargetScenario[] = [
  {
    name: 'continues where another process ended: repeated events change nothing',
    needs: [caseHas('another')],
    async run(subject) {
      await subject.open();
      for (const event of oneOfEach()) await subject.takenOrSkipped(event);
      const before = [];
      for (const event of oneOfEach()) before.push(await subject.there(event));
      await subject.close();
      await subject.restart();
      await subject.open();
      for (const [at, event] of oneOfEach().entries()) {
        await subject.deliver(event, { attempt: 2 });
        const after = await subject.there(event);
        const promise = `find ${spell(event)} again that another process delivered: its event changes nothing`;
        const did = `readBack gave ${show(before[at])} before and ${show(after)} after`;
        must(isDeepStrictEqual(after, before[at]), promise, did);
      }
    },
  },
  {
    name: 'writes one of each object whose delivery was aborted, when another process continues',
    needs: [caseHas('another')],
    async run(subject) {
      await subject.open();
      const stopping = new AbortController();
      // As many at a time as the target allows.
      const cut = CUT.slice(0, subject.capabilities.concurrency ?? CUT.length);
      const works = cut.map(async (incidentId) => {
        for (const event of family(incidentId)) await subject.deliver(event, { signal: stopping.signal });
      });
      // Some are done then, others under way.
      await Promise.any(works).catch(() => undefined);
      stopping.abort(new Error('the host is killed'));
      for (const end of await soon(Promise.allSettled(works))) {
        if (end.status === 'rejected') notTheObjectsFault(end.reason);
      }
      await subject.close();
      await subject.restart();
      await subject.open();
      for (const event of CUT.flatMap(family)) {
        await deliveredInTheEnd(subject, event);
        await subject.takenOrSkipped(event);
      }
      await eachOnce(subject);
    },
  },
];

function family(incidentId: number): readonly FeedEvent[] {
  return [anIncident({ incidentId }), aTask({ incidentId, objectId: incidentId + 1_000 })];
}

async function eachOnce(subject: TargetSubject): Promise<void> {
  for (const incidentId of CUT) {
    await subject.holds(anIncident({ incidentId }), 1, 'a delivery that was cut short and came again elsewhere');
  }
}
