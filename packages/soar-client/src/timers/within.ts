import { setMaxListeners } from 'node:events';
import { after } from './after.js';
import { onAbort } from './onAbort.js';

/** Why work was cancelled: its time was over, or its caller cancelled it. */
export type GivenUp = 'late' | 'aborted';

/**
 * Does a work within `ms`, with a signal that aborts when those are over or `parent` does; rejects then with what `failure`
 * says, so that a work that ignores its signal holds up nobody. Once the work is over, nothing of it is left with `parent`.
 *
 * The one way to join a short signal to a long one: `AbortSignal.any` never lets go. Its signals stand in a list of the
 * long one for good, and each one that somebody listens to is kept whole, with all that the listener holds, until it aborts.
 */
export async function within<T>(
  ms: number,
  parent: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  failure: (why: GivenUp) => Error,
): Promise<T> {
  const own = new AbortController();
  // Each event of a batch may listen to it.
  setMaxListeners(0, own.signal);
  let giveUp: (why: GivenUp) => void = () => undefined;
  const givenUp = new Promise<never>((_, reject) => {
    giveUp = (why) => {
      // This comes first: what the work says about its own abort comes later, and does not count.
      reject(failure(why));
      own.abort(why === 'aborted' ? parent?.reason : undefined);
    };
  });
  // Nothing waits for it if the work cannot even begin.
  givenUp.catch(() => undefined);
  const cancel = after(ms, () => giveUp('late'));
  const letGo = onAbort(parent, () => giveUp('aborted'));
  try {
    if (parent?.aborted === true) giveUp('aborted');
    return await Promise.race([givenUp, work(own.signal)]);
  } finally {
    cancel();
    letGo();
  }
}
