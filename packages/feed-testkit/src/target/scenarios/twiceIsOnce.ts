import { isDeepStrictEqual } from 'node:util';
import type { FeedEvent } from '@soar-feed/core';
import { must, show, spell } from '../must.js';
import { oneOfEach } from '../oneOfEach.js';
import type { TargetScenario } from '../TargetScenario.js';
import type { TargetSubject } from '../TargetSubject.js';

export const twiceIsOnce: readonly TargetScenario[] = [
  {
    name: 'has an object of each type once, unchanged, when its event comes twice',
    async run(subject) {
      await subject.open();
      for (const event of oneOfEach()) {
        const status = await subject.takenOrSkipped(event);
        const before = await subject.there(event);
        const again = await subject.deliver(event);
        const promise = `answer the second coming of ${spell(event)} like the first ("${status}"), without a "created"`;
        const isCreated = again.status === 'delivered' && again.change === 'created';
        must(again.status === status && !isCreated, promise, `it gave ${show(again)}`);
        await isAsBefore(subject, event, before);
      }
    },
  },
  {
    name: 'has each object once when all events come again as further attempts',
    async run(subject) {
      await subject.open();
      for (const event of oneOfEach()) await subject.takenOrSkipped(event);
      const before = [];
      for (const event of oneOfEach()) before.push(await subject.there(event));
      for (const event of oneOfEach()) await subject.deliver(event, { attempt: 2 });
      for (const [at, event] of oneOfEach().entries()) await isAsBefore(subject, event, before[at]);
    },
  },
];

async function isAsBefore(subject: TargetSubject, event: FeedEvent, before: unknown): Promise<void> {
  const after = await subject.there(event);
  must(
    isDeepStrictEqual(after, before),
    `leave ${spell(event)} as it was when its event comes a second time`,
    `readBack gave ${show(before)} before, and ${show(after)} after it`,
  );
}
