import { expect, it } from '@jest/globals';
import { RetryableError } from '@soar-feed/core';
import { anIncident } from '@soar-feed/feed-testkit';
import { makeFeed, ScriptedTarget, settle } from './feedBench.js';

it('a target that only looks is asked again when it says, however often, and charges no attempt', async () => {
  const target = new ScriptedTarget();
  const attempts: number[] = [];
  target.answer = (_event, { attempt }) => {
    attempts.push(attempt);
    if (attempts.length === 1) return new RetryableError('refused', { code: 'busy' });
    if (attempts.length > 30) return { status: 'delivered', change: 'created' };
    return new RetryableError('still looking', { code: 'unsettled', retryAfterMs: 60_000, uncharged: true });
  };
  const { feed, clock } = makeFeed(target, { maxAttempts: 3 });
  await feed.start();
  const ended = feed.accept(anIncident());
  for (let turn = 0; attempts.length <= 30 && turn < 400; turn += 1) {
    await clock.advance(10_000);
    await settle();
  }
  // It was not asked more often than it asked for.
  expect(clock.now()).toBeGreaterThan(29 * 60_000);
  expect(await ended).toMatchObject({ outcome: expect.stringMatching(/delivered|parked/) });
  expect(attempts).toEqual([1, ...Array.from({ length: 30 }, () => 2)]);
  const stopped = feed.stop(0);
  for (let turn = 0; turn < 50; turn += 1) await clock.advance(50);
  await stopped;
});
