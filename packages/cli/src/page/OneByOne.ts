import { UnavailableError } from '@soar-feed/core';

/** Questions that may wait; more than that are refused. */
const MAY_WAIT = 8;

/** Answers questions that cost something one after the other, so that a page cannot take a host's time. */
export class OneByOne {
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;

  /** Throws `UnavailableError` if too many wait already, and what `work` throws. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.waiting >= MAY_WAIT)
      throw new UnavailableError('Too many questions at once: ask again in a moment.', { code: 'page-busy' });
    this.waiting += 1;
    const before = this.last;
    const answer = (async () => {
      await before.catch(() => undefined);
      return work();
    })();
    this.last = answer.catch(() => undefined);
    return answer.finally(() => (this.waiting -= 1));
  }
}
