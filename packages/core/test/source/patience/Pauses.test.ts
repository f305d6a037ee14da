import { expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { Pauses } from '../../../src/source/patience/Pauses.js';
import { ROW } from '../../../src/source/patience/policy.js';

const DAY_MS = 24 * 3_600_000;

it('a pause is as long as it was meant to be, although somebody sets the clock back a day', async () => {
  const steady = fakeClock();
  let setBackMs = 0;
  const clock = { ...steady, now: () => steady.now() - setBackMs };
  const pauses = new Pauses<string>(ROW, { clock, log: recordingLogger() });
  const restMs = pauses.begin('a row', new Error('away'), {});
  expect(pauses.names()).toEqual(['a row']);
  setBackMs = DAY_MS;
  await steady.advance(restMs);
  expect(pauses.names()).toEqual([]);
});
