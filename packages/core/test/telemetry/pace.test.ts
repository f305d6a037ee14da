import { describe, expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { ArrivalWindow } from '../../src/telemetry/pace/ArrivalWindow.js';
import { FeedPace } from '../../src/telemetry/pace/FeedPace.js';
import { RateWindow } from '../../src/telemetry/pace/RateWindow.js';

describe('RateWindow', () => {
  const START = 1_700_000_000_000;

  it('gives the rate of the last minute, 5 and 15 minutes, and forgets what is older', () => {
    const window = new RateWindow(START);
    let now = START;
    for (; now < START + 900_000; now += 100) window.add(now);
    const steady = window.rates(now);
    for (const rate of Object.values(steady)) expect(rate).toBeCloseTo(10, 0);
    const later = window.rates(now + 120_000);
    expect(later.last1m).toBe(0);
    expect(later.last5m).toBeCloseTo(6, 0);
    expect(later.last15m).toBeGreaterThan(8);
    expect(window.rates(now + 3_600_000)).toEqual({ last1m: 0, last5m: 0, last15m: 0 });
  });

  it('counts from the start while a window is not full, and begins again if the clock is set back', () => {
    const window = new RateWindow(START);
    for (let second = 1; second <= 20; second += 1) window.add(START + second * 1_000, 5);
    const young = window.rates(START + 20_000);
    expect(young).toEqual({ last1m: 5, last5m: 5, last15m: 5 });
    expect(window.rates(START - 3_600_000).last15m).toBe(0);
    window.add(START - 3_590_000, 20);
    expect(window.rates(START - 3_590_000).last1m).toBe(2);
  });
});

describe('ArrivalWindow', () => {
  it('keeps percentiles within 1 %, over all its minutes, and drops the oldest minute', () => {
    const window = new ArrivalWindow(2);
    for (let ms = 1; ms <= 10_000; ms += 1) window.add(ms);
    const first = window.all();
    expect(first.changes).toBe(10_000);
    expect(Math.abs((first.p50Seconds ?? 0) - 5)).toBeLessThan(0.05);
    expect(Math.abs((first.p99Seconds ?? 0) - 9.9)).toBeLessThan(0.1);
    expect(window.nextMinute()).toEqual(first);
    window.add(100);
    expect(window.all().changes).toBe(10_001);
    expect(window.nextMinute()).toEqual({ changes: 1, p50Seconds: 0.1, p99Seconds: 0.1 });
    expect(window.all()).toEqual({ changes: 1, p50Seconds: 0.1, p99Seconds: 0.1 });
    window.nextMinute();
    expect(window.all()).toEqual({ changes: 0 });
  });

  it('takes any time, from none to years', () => {
    const window = new ArrivalWindow(1);
    for (const ms of [0, 0.2, 1e15]) window.add(ms);
    expect(window.all()).toMatchObject({ changes: 3, p50Seconds: 0.001 });
  });
});

describe('FeedPace', () => {
  it('keeps the last hours minute by minute, and no more', async () => {
    const clock = fakeClock();
    const pace = new FeedPace(clock);
    for (let minute = 0; minute < 400; minute += 1) {
      pace.took();
      pace.took();
      pace.arrived(minute < 10 ? 250 : undefined);
      for (const lag of [0, 3, 1]) pace.tick(lag);
      await clock.advance(60_000);
      pace.tick(0);
    }
    expect(pace.history).toHaveLength(360);
    const [oldest] = pace.history;
    expect(oldest).toMatchObject({ received: 2, delivered: 1, lagSeconds: 3, changes: 0 });
    const times = pace.history.map(({ atMs }) => atMs);
    expect(new Set(times.map((ms, at) => ms - (times[0] ?? 0) - at * 60_000))).toEqual(new Set([0]));
    expect(times.every((ms) => ms % 60_000 === 0)).toBe(true);
  });

  it('tells of arrivals over the last 5 minutes', async () => {
    const clock = fakeClock();
    const pace = new FeedPace(clock);
    pace.arrived(250);
    pace.arrived();
    const { arrivals, perSecond, lagSeconds } = pace.figures(7);
    expect([arrivals, lagSeconds, perSecond.delivered.last1m]).toEqual([
      ...[{ changes: 1, p50Seconds: 0.25, p99Seconds: 0.25 }, 7, 2],
    ]);
    for (let minute = 0; minute < 5; minute += 1) {
      await clock.advance(60_000);
      pace.tick(0);
    }
    expect(pace.figures(0).arrivals).toEqual({ changes: 0 });
    expect(pace.history[0]).toMatchObject({ changes: 1, p50Seconds: 0.25 });
  });
});
