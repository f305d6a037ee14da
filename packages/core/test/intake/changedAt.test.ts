import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { changedAt } from '../../src/intake/queue/changedAt.js';
import { SourceTime } from '../../src/source/SourceTime.js';

describe('the time of a change', () => {
  const clock = fakeClock();
  const now = clock.now();
  const time = (measured: boolean, offsetMs: number) =>
    new SourceTime(clock, { measured, offsetMs, uncertaintyMs: 50 });

  it("is the platform's, by our clock", () => {
    expect(changedAt(now + 3_600_000 - 400, now, time(true, 3_600_000))).toBe(now - 400);
    expect(changedAt(now - 60_000, now, time(true, -50_000))).toBe(now - 10_000);
  });

  it('is never in the future', () => {
    expect(changedAt(now + 30, now, time(true, 0))).toBe(now);
  });

  it('is when it was received, if nobody knows better', () => {
    expect(changedAt(now - 60_000, now, time(false, 0))).toBe(now);
    expect(changedAt(undefined, now, time(true, 0))).toBe(now);
    expect(changedAt(now - 60_000, now, undefined)).toBe(now);
  });
});
