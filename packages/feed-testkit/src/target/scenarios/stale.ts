import { isDeepStrictEqual } from 'node:util';
import { aDelete, anIncident } from '../../events/builders.js';
import { caseHas, deletesBy } from '../needs.js';
import { must, show } from '../must.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

const newer = anIncident({ observedAtMs: 1_700_000_060_000, payload: { name: 'Newer', vers: 5 } });
const stale = anIncident({ observedAtMs: 1_700_000_000_000, payload: { name: 'Stale', vers: 2 } });

export const refusesStale: readonly TargetScenario[] = [
  {
    name: 'keeps the newer of two snapshots when the older one comes late',
    needs: [caseHas('refusesStale')],
    async run(subject) {
      await subject.open();
      await subject.delivered(newer);
      await isUnmoved(subject, 'a newer snapshot');
    },
  },
  {
    name: 'keeps the mark of a delete when an older snapshot comes late',
    needs: [caseHas('refusesStale'), deletesBy('mark')],
    async run(subject) {
      await subject.open();
      await subject.delivered(newer);
      await subject.delivered(aDelete(newer));
      await isUnmoved(subject, 'a delete');
    },
  },
];

async function isUnmoved(subject: TargetSubject, by: string): Promise<void> {
  const before = await subject.there(newer);
  const promise = `leave ${by} as it is when an older snapshot comes late: the case says \`refusesStale\``;
  const { status } = await subject.deliver(stale);
  must(status === 'delivered' || status === 'skipped', promise, `it gave "${status}"`);
  const after = await subject.there(newer);
  must(isDeepStrictEqual(after, before), promise, `readBack gave ${show(before)} before and ${show(after)} after`);
}
