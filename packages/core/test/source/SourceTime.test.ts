import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { SourceTime } from '../../src/source/SourceTime.js';

const AHEAD_MS = 20 * 60_000;

describe('the source’s time', () => {
  it('is ours, shifted by what was measured, and doubtful by as much as that may be wrong', () => {
    const clock = fakeClock();
    const time = new SourceTime(clock, { measured: true, offsetMs: AHEAD_MS, uncertaintyMs: 700 });
    expect([time.now() - clock.now(), time.doubtMs]).toEqual([AHEAD_MS, 700]);
    expect(time.latest() - clock.now()).toBe(AHEAD_MS + 700);
  });

  it('of a reading is when it was asked for, by what its own answer tells', async () => {
    const clock = fakeClock();
    const server = { measured: true, offsetMs: 0, uncertaintyMs: 1 };
    const time = new SourceTime(clock, server);
    const askedAtMs = clock.now();
    const dated = await time.date(async () => {
      await clock.advance(5_000);
      server.offsetMs = -AHEAD_MS;
      return 'read';
    });
    expect(dated).toEqual({ value: 'read', asOfMs: askedAtMs - AHEAD_MS });
  });

  it('is nobody’s where the source never told it, and ours where it has none', () => {
    const clock = fakeClock();
    const unmeasured = new SourceTime(clock, { measured: false, offsetMs: 0, uncertaintyMs: 0 });
    expect([unmeasured.doubtMs, unmeasured.latest()]).toEqual([Infinity, clock.now()]);
    expect([new SourceTime(clock, undefined).doubtMs, new SourceTime(clock, undefined).now()]).toEqual([
      0,
      clock.now(),
    ]);
  });
});
