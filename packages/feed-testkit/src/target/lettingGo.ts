import { FeedError } from '@soar-feed/core';
import type { Silence } from './FeedTargetCase.js';
import { isError } from './isError.js';
import { must, mustOfCase, show } from './must.js';

/** The target must let go within this time. */
const LETS_GO_WITHIN_MS = 4_000;
export const HONOURS = 'honour the signal: a delivery that is given up rejects, soon';
const PROGRAMMING_ERRORS = ['TypeError', 'ReferenceError', 'RangeError', 'SyntaxError'];

/** An interrupted delivery must be retried: never a `PermanentError`, nor a programming error, which counts as one. */
export function notTheObjectsFault(error: unknown): void {
  const promise = 'not blame the object for a delivery that was given up: `signal.throwIfAborted()` says what is so';
  const isPermanent = FeedError.is(error) && error.kind === 'permanent';
  const isBlaming = !isError(error) || isPermanent || PROGRAMMING_ERRORS.includes(error.name);
  must(!isBlaming, promise, `it threw ${show(error)}`);
}

/** If the delivery ends by itself, the silence did not hold it. */
export async function reached(silence: Silence, delivery: Promise<unknown>): Promise<void> {
  const ended = delivery.then(
    (value) => `the delivery gave ${show(value)}`,
    (error: unknown) => `the delivery failed with ${show(error)}`,
  );
  const first = await Promise.race([silence.reached.then(() => undefined), ended]);
  const duty = 'take what is sent and never answer, and tell by `reached` when a delivery hangs in it';
  mustOfCase(first === undefined, 'silence', duty, `${first}: this silence is none`);
}

/** The target lets go in time. */
export async function soon<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const did = `nothing for ${LETS_GO_WITHIN_MS / 1000} s.`;
    timer = setTimeout(() => reject(new Error(`The target must ${HONOURS}.\nInstead: ${did}`)), LETS_GO_WITHIN_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
