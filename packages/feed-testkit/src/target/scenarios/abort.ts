import { FeedError } from '@soar-feed/core';
import { anIncident } from '../../events/builders.js';
import { must, mustOfCase, show } from '../must.js';
import type { Silence } from '../FeedTargetCase.js';
import { isError } from '../isError.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

/** The target must let go within this time. */
const LETS_GO_WITHIN_MS = 4_000;

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
    isFor: ({ has }) => has.has('silence'),
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
        notTheObjectsFault(await within(LETS_GO_WITHIN_MS, hanging));
      } finally {
        await silence.end();
      }
      await deliveredInTheEnd(subject);
    },
  },
];

const HONOURS = 'honour the signal: a delivery that is given up rejects, soon';
const PROGRAMMING_ERRORS = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'];

/** An interrupted delivery must be retried: never a `PermanentError`, nor a programming error, which counts as one. */
function notTheObjectsFault(error: unknown): void {
  const promise = 'not blame the object for a delivery that was given up: `signal.throwIfAborted()` says what is so';
  const isPermanent = FeedError.is(error) && error.kind === 'permanent';
  const isBlaming = !isError(error) || isPermanent || PROGRAMMING_ERRORS.includes(error.name);
  must(!isBlaming, promise, `it threw ${show(error)}`);
}

/** If the delivery ends by itself, the silence did not hold it. */
async function reached(silence: Silence, delivery: Promise<unknown>): Promise<void> {
  const ended = delivery.then(
    (value) => `the delivery gave ${show(value)}`,
    (error: unknown) => `the delivery failed with ${show(error)}`,
  );
  const first = await Promise.race([silence.reached.then(() => undefined), ended]);
  const duty = 'take what is sent and never answer, and tell by `reached` when a delivery hangs in it';
  mustOfCase(first === undefined, 'silence', duty, `${first}: this silence is none`);
}

/** A target that must first find out what the first attempt did may need several more attempts. */
async function deliveredInTheEnd(subject: TargetSubject): Promise<void> {
  for (let attempt = 2; ; attempt += 1) {
    try {
      await subject.deliver(anIncident(), { attempt });
      break;
    } catch (error) {
      const isAgain = attempt < 20 && FeedError.is(error) && error.kind === 'retryable';
      must(isAgain, 'take a delivery that was cut short and comes again', `attempt ${attempt} threw ${show(error)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await subject.holds(anIncident(), 1, 'a delivery that was cut short and came again');
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The target must ${HONOURS}.\nInstead: nothing for ${ms / 1000} s.`)),
      ms,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
