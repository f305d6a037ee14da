import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { after } from '../../src/timers/after.js';

const DAY_MS = 86_400_000;

describe('after', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it.each([0, 5, 2 ** 31 - 1, 2 ** 31, 30 * DAY_MS, 400 * DAY_MS])('waits %d ms, no less and no more', (ms) => {
    let fired = 0;
    after(ms, () => (fired += 1));
    jest.advanceTimersByTime(Math.max(0, ms - 1));
    expect(fired).toBe(ms === 0 ? 1 : 0);
    jest.advanceTimersByTime(1);
    expect(fired).toBe(1);
    jest.advanceTimersByTime(400 * DAY_MS);
    expect(fired).toBe(1);
  });

  it('never gives a timer more than it can wait', () => {
    const set = jest.spyOn(globalThis, 'setTimeout');
    after(30 * DAY_MS, () => undefined);
    jest.advanceTimersByTime(30 * DAY_MS);
    for (const [, ms] of set.mock.calls) expect(ms).toBeLessThan(2 ** 31);
    expect(set).toHaveBeenCalledTimes(2);
  });

  it('is cancelled, also in a later piece of its wait', () => {
    let fired = 0;
    const cancel = after(60 * DAY_MS, () => (fired += 1));
    jest.advanceTimersByTime(30 * DAY_MS);
    cancel();
    jest.advanceTimersByTime(60 * DAY_MS);
    expect(fired).toBe(0);
    expect(jest.getTimerCount()).toBe(0);
  });
});
