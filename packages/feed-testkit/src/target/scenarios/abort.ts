import { anIncident } from '../../events/builders.js';
import { deliveredInTheEnd } from '../deliveredInTheEnd.js';
import { HONOURS, notTheObjectsFault, reached, soon } from '../lettingGo.js';
import { caseHas } from '../needs.js';
import type { TargetScenario } from '../TargetScenario.js';

export const abort: readonly TargetScenario[] = [
  {
    name: 'does nothing for a delivery that was cancelled before it began',
    async run(subject) {
      await subject.open();
      const signal = AbortSignal.abort(new Error('the host stops'));
      notTheObjectsFault(await subject.failure(subject.deliver(anIncident(), { signal }), HONOURS));
      await subject.holds(anIncident(), 0, 'a delivery that was given up before it began');
      await subject.delivered(anIncident());
    },
  },
  {
    name: 'stops a delivery that hangs when it is aborted, and writes one object in the end',
    needs: [caseHas('silence')],
    async run(subject) {
      await subject.open();
      const silence = await subject.silence();
      const stopping = new AbortController();
      const delivery = subject.deliver(anIncident(), { signal: stopping.signal });
      const hanging = subject.failure(delivery, HONOURS);
      hanging.catch(() => undefined);
      try {
        await reached(silence, delivery);
        stopping.abort(new Error('the host stops'));
        notTheObjectsFault(await soon(hanging));
      } finally {
        await silence.end();
      }
      await deliveredInTheEnd(subject, anIncident());
      await subject.holds(anIncident(), 1, 'a delivery that was cut short and came again');
    },
  },
];
