import { expect } from '@jest/globals';
import { anIncident, aTask } from '../../events/builders.js';
import type { TargetScenario } from '../TargetScenario.js';

export const outage: readonly TargetScenario[] = [
  {
    name: 'says that the destination is away (UnavailableError), and works again when it is back and reopened',
    isFor: ({ has }) => has.has('outage'),
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const back = await subject.outage();
      const task = aTask();
      try {
        expect(await subject.failure(subject.deliver(task))).toMatchObject({ kind: 'unavailable' });
        if (subject.target.health !== undefined) {
          const health = await subject.target.health({ signal: new AbortController().signal });
          expect(health.state).not.toBe('up');
        }
      } finally {
        await back();
      }
      await subject.target.close();
      await subject.open();
      await subject.takenOrSkipped(task);
      await subject.delivered(anIncident({ payload: { name: 'After the outage', vers: 2 } }));
      expect(await subject.there(anIncident())).toHaveLength(1);
    },
  },
  {
    name: 'opens later when the destination is away at the start: an open that fails is an UnavailableError',
    isFor: ({ has }) => has.has('outage'),
    async run(subject) {
      const back = await subject.outage();
      try {
        // A target without a connection finds out with its first delivery.
        const tried = await subject.open().then(
          () => subject.failure(subject.deliver(anIncident())),
          (error: unknown) => error,
        );
        expect(tried).toMatchObject({ kind: 'unavailable' });
        await subject.target.close();
        await subject.target.close();
      } finally {
        await back();
      }
      await subject.open();
      await subject.delivered(anIncident());
      expect(await subject.there(anIncident())).toHaveLength(1);
    },
  },
];
