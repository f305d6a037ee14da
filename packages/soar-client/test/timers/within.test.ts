import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { within } from '../../src/timers/within.js';

const never = (): Promise<never> => new Promise(() => undefined);
const failure = (why: string): Error => new Error(`given up: ${why}`);

describe('within', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('gives what the work gives, and leaves neither a timer nor a listener', async () => {
    const parent = new AbortController();
    await expect(within(1_000, parent.signal, async () => 'done', failure)).resolves.toBe('done');
    await expect(within(1_000, parent.signal, () => Promise.reject(new Error('its own')), failure)).rejects.toThrow(
      'its own',
    );
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
    expect(jest.getTimerCount()).toBe(0);
  });

  it.each([1_000, 2 ** 31 + 5_000])('gives up after %d ms, also a work that ignores its signal', async (ms) => {
    const parent = new AbortController();
    let aborted = false;
    const answer = within(
      ms,
      parent.signal,
      (signal) => {
        signal.addEventListener('abort', () => (aborted = true));
        return never();
      },
      failure,
    );
    const seen = expect(answer).rejects.toThrow('given up: late');
    jest.advanceTimersByTime(ms - 1);
    expect(aborted).toBe(false);
    jest.advanceTimersByTime(1);
    expect(aborted).toBe(true);
    await seen;
    expect(getEventListeners(parent.signal, 'abort')).toHaveLength(0);
  });

  it('gives up with whoever wanted it, for its reason, whatever the work says of that', async () => {
    const parent = new AbortController();
    let reason: unknown;
    const answer = within(
      1_000,
      parent.signal,
      (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            reject(new Error('its own'));
          });
        }),
      failure,
    );
    parent.abort('the host stops');
    await expect(answer).rejects.toThrow('given up: aborted');
    expect(reason).toBe('the host stops');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives up at once where it was given up before', async () => {
    const answer = within(1_000, AbortSignal.abort(), never, failure);
    await expect(answer).rejects.toThrow('given up: aborted');
    expect(jest.getTimerCount()).toBe(0);
  });
});
