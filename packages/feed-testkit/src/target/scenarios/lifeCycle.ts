import { expect } from '@jest/globals';
import { anIncident } from '../../events/builders.js';
import type { TargetScenario } from '../TargetScenario.js';

export const lifeCycle: readonly TargetScenario[] = [
  {
    name: 'declares what the case says, and has what that requires',
    async run({ target, capabilities }) {
      expect(target.capabilities).toEqual(capabilities);
      expect(typeof target.deliverBatch).toBe(capabilities.batch === undefined ? 'undefined' : 'function');
    },
  },
  {
    name: 'opens, delivers, closes, and closes twice',
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      await subject.target.flush?.({ signal: new AbortController().signal });
      await subject.target.close();
      await subject.target.close();
      expect(await subject.there(anIncident())).toHaveLength(1);
    },
  },
  {
    name: 'closes without an open, and after one that was cut short; then it can be opened',
    async run(subject) {
      await subject.target.close();
      const stopping = AbortSignal.abort(new Error('the host stops'));
      // An open that does nothing may well succeed.
      await subject.open(stopping).catch(() => undefined);
      await subject.target.close();
      await subject.open();
      await subject.delivered(anIncident());
    },
  },
  {
    name: 'opens again after a close, and goes on with the same objects',
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      const before = await subject.there(anIncident());
      await subject.target.close();
      await subject.open();
      await subject.delivered(anIncident());
      expect(await subject.there(anIncident())).toEqual(before);
    },
  },
  {
    name: 'tells its health before it is opened, while it is open, and writes nothing for it',
    async run(subject) {
      const { target } = subject;
      if (target.health === undefined) return;
      const signal = new AbortController().signal;
      expect(await target.health({ signal })).toMatchObject({ state: 'up' });
      await subject.open();
      expect(await target.health({ signal })).toMatchObject({ state: 'up' });
      expect(await subject.there(anIncident())).toEqual([]);
    },
  },
];
