import { isDeepStrictEqual } from 'node:util';
import { anIncident } from '../../events/builders.js';
import { must, show } from '../must.js';
import type { TargetScenario } from '../TargetScenario.js';

export const lifeCycle: readonly TargetScenario[] = [
  {
    name: 'declares the capabilities that the case states, and has the methods they require',
    async run({ target, capabilities }) {
      const declared = `declare the capabilities that the case names: ${show(capabilities)}`;
      must(isDeepStrictEqual(target.capabilities, capabilities), declared, `it declares ${show(target.capabilities)}`);
      const isBatching = capabilities.batch !== undefined;
      must(
        (typeof target.deliverBatch === 'function') === isBatching,
        isBatching ? 'have deliverBatch, since it declares `batch`' : 'declare `batch`, since it has deliverBatch',
        `deliverBatch is ${show(target.deliverBatch)}`,
      );
    },
  },
  {
    name: 'opens, delivers, closes, and closes twice',
    async run(subject) {
      await subject.open();
      await subject.delivered(anIncident());
      await subject.target.flush?.({ signal: new AbortController().signal });
      await subject.close();
      await subject.close();
      await subject.holds(anIncident(), 1, 'open, deliver and close: a delivery is durable when it resolves');
    },
  },
  {
    name: 'closes without having been opened, and after an open that was aborted; then it can be opened',
    async run(subject) {
      await subject.close();
      const stopping = AbortSignal.abort(new Error('the host stops'));
      // An open that does nothing may succeed.
      await subject.tryOpen(stopping).catch(() => undefined);
      await subject.close();
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
      await subject.close();
      await subject.open();
      await subject.delivered(anIncident());
      const after = await subject.there(anIncident());
      const promise = 'find its objects again after a close and an open: the same event changes nothing';
      must(isDeepStrictEqual(after, before), promise, `readBack gave ${show(before)} before and ${show(after)} after`);
    },
  },
  {
    name: 'reports its health before it is opened and while it is open, and writes nothing to do so',
    async run(subject) {
      const { target } = subject;
      if (target.health === undefined) return;
      const signal = new AbortController().signal;
      const isUp = async (when: string): Promise<void> => {
        const health = await target.health?.({ signal });
        must(health?.state === 'up', `be "up" by its health ${when}, while its destination is there`, show(health));
      };
      await isUp('before it is opened');
      await subject.open();
      await isUp('while it is open');
      await subject.holds(anIncident(), 0, 'a health and no delivery');
    },
  },
];
