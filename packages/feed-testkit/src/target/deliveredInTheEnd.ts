import { FeedError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { must, show, spell } from './must.js';
import type { TargetSubject } from './TargetSubject.js';

/** A target that must first find out what an earlier attempt did may need several more attempts. */
export async function deliveredInTheEnd(subject: TargetSubject, event: FeedEvent): Promise<void> {
  for (let attempt = 2; ; attempt += 1) {
    try {
      await subject.deliver(event, { attempt });
      return;
    } catch (error) {
      const isAgain = attempt < 20 && FeedError.is(error) && error.kind === 'retryable';
      const promise = `take a delivery that was cut short and comes again (${spell(event)})`;
      must(isAgain, promise, `attempt ${attempt} threw ${show(error)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
