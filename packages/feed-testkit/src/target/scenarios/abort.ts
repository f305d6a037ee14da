import { expect } from '@jest/globals';
import { FeedError } from '@soar-feed/core';
import { anIncident } from '../../events/builders.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

/** Within this a target must have let go. */
const LETS_GO_WITHIN_MS = 4_000;

export const abort: readonly TargetScenario[] = [
  {
    name: 'does nothing for a delivery that was given up before it began',
    async run(subject) {
      await subject.open();
      const signal = AbortSignal.abort(new Error('the host stops'));
      notTheObjectsFault(await subject.failure(subject.deliver(anIncident(), { signal })));
      expect(await subject.there(anIncident())).toEqual([]);
      await subject.delivered(anIncident());
    },
  },
  {
    name: 'lets go of a delivery that hangs, and makes one object of it in the end',
    isFor: ({ has }) => has.has('silence'),
    async run(subject) {
      await subject.open();
      const silence = await subject.silence();
      const stopping = new AbortController();
      const hanging = subject.failure(subject.deliver(anIncident(), { signal: stopping.signal }));
      try {
        await silence.reached;
        stopping.abort(new Error('the host stops'));
        notTheObjectsFault(await within(LETS_GO_WITHIN_MS, hanging));
      } finally {
        await silence.end();
      }
      await deliveredInTheEnd(subject);
    },
  },
];

/** What was cut short must come again: never a `PermanentError`, nor a programming error, which counts as one. */
function notTheObjectsFault(error: unknown): void {
  expect(error).toBeInstanceOf(Error);
  if (FeedError.is(error)) expect(error).not.toMatchObject({ kind: 'permanent' });
  expect(['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError']).not.toContain((error as Error).name);
}

/** A target that must first find out what became of the first attempt may ask for more of them. */
async function deliveredInTheEnd(subject: TargetSubject): Promise<void> {
  for (let attempt = 2; ; attempt += 1) {
    try {
      await subject.delivered(anIncident(), { attempt });
      break;
    } catch (error) {
      if (attempt === 20 || !FeedError.is(error) || error.kind !== 'retryable') throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  expect(await subject.there(anIncident())).toHaveLength(1);
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`The signal was not honoured within ${ms / 1000} s.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
