import { expect } from '@jest/globals';
import { oneOfEach } from '../oneOfEach.js';
import type { TargetScenario } from '../TargetScenario.js';

export const twiceIsOnce: readonly TargetScenario[] = [
  {
    name: 'has an object once, and as it was, when its event comes twice: every type',
    async run(subject) {
      await subject.open();
      for (const event of oneOfEach()) {
        const status = await subject.takenOrSkipped(event);
        const before = await subject.there(event);
        const again = await subject.deliver(event);
        expect(again).toMatchObject({ status });
        expect(again).not.toMatchObject({ change: 'created' });
        expect(await subject.there(event)).toEqual(before);
      }
    },
  },
  {
    name: 'has an object once when the whole line comes again, as further attempts',
    async run(subject) {
      await subject.open();
      for (const event of oneOfEach()) await subject.takenOrSkipped(event);
      const before = [];
      for (const event of oneOfEach()) before.push(await subject.there(event));
      for (const event of oneOfEach()) await subject.deliver(event, { attempt: 2 });
      const after = [];
      for (const event of oneOfEach()) after.push(await subject.there(event));
      expect(after).toEqual(before);
    },
  },
];
