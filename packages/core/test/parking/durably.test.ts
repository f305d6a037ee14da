import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { StoppingError, StoreError } from '../../src/index.js';
import { durably } from '../../src/parking/durably.js';
import type { StoreHealth } from '../../src/parking/durably.js';

const full = (message = 'No space is left.') => new StoreError(message, { code: 'store-full' });

function bench() {
  const clock = fakeClock();
  const log = recordingLogger();
  const giveUp = new AbortController();
  const health: StoreHealth = { problem: undefined };
  const context = { clock, log, health, signal: giveUp.signal };
  const events = () => log.lines.map(({ fields }) => fields['event']);
  /** An operation that fails until `mended`. */
  const operation = (message?: string) => {
    let problem: Error | undefined = full(message);
    let tries = 0;
    const run = durably(context, 'park', async () => {
      tries += 1;
      if (problem !== undefined) throw problem;
      return 'stored';
    });
    return { run, tries: () => tries, mended: () => (problem = undefined) };
  };
  return { clock, log, giveUp, health, context, events, operation };
}

// Pauses have their greatest length.
beforeEach(() => void jest.spyOn(Math, 'random').mockReturnValue(1));
afterEach(() => void jest.restoreAllMocks());

describe('durably', () => {
  it('tries until it is stored, ever more seldom, and says when the store went down and came up', async () => {
    const { clock, context, events, log, health, operation } = bench();
    const { run, tries, mended } = operation();
    await clock.advance(0);
    expect(health.problem).toBe('No space is left.');
    for (const [ms, total] of [
      [199, 1],
      [1, 2],
      [399, 2],
      [1, 3],
      [800, 4],
    ] as const) {
      await clock.advance(ms);
      expect(tries()).toBe(total);
    }
    mended();
    await clock.advance(1_600);
    await expect(run).resolves.toBe('stored');
    expect(health.problem).toBeUndefined();
    // The store is up already, so a later operation logs nothing.
    await durably(context, 'find', async () => 'read');
    expect(events()).toEqual(['store.down', 'store.up']);
    expect(log.lines[0]).toMatchObject({ level: 'error', fields: { code: 'store-full', what: 'park' } });
  });

  it('stays down while one operation is refused, whatever else succeeds', async () => {
    const { clock, events, health, context, operation } = bench();
    const [one, other] = [operation(), operation('Still no space.')];
    await clock.advance(0);
    await expect(durably(context, 'find', async () => 'read')).resolves.toBe('read');
    expect(health.problem).toBeDefined();
    one.mended();
    await clock.advance(200);
    await one.run;
    expect(health.problem).toBeDefined();
    expect(events()).toEqual(['store.down']);
    other.mended();
    await clock.advance(400);
    await other.run;
    expect(health.problem).toBeUndefined();
    expect(events()).toEqual(['store.down', 'store.up']);
  });

  it('waits as long as before where the store fails again within a minute, and begins anew after that', async () => {
    const { clock, operation } = bench();
    const first = operation();
    await clock.advance(200 + 400 + 800);
    first.mended();
    await clock.advance(1_600);
    await first.run;
    const second = operation();
    await clock.advance(3_199);
    expect(second.tries()).toBe(1);
    await clock.advance(1);
    expect(second.tries()).toBe(2);
    second.mended();
    await clock.advance(10_000);
    await second.run;
    await clock.advance(60_000);
    const third = operation();
    await clock.advance(200);
    expect(third.tries()).toBe(2);
    third.mended();
    await clock.advance(400);
    await third.run;
  });

  it('gives up when the host stops, and takes nothing for stored', async () => {
    const { clock, events, giveUp, operation } = bench();
    const { run } = operation();
    await clock.advance(0);
    giveUp.abort();
    await expect(run).rejects.toBeInstanceOf(StoppingError);
    expect(events()).toEqual(['store.down']);
  });

  it('waits for nothing once another host has the store: says it once, and to whom it may concern', async () => {
    const { context, events, health } = bench();
    const lost = new StoreError('Taken over.', { code: 'store-lost' });
    const heard: unknown[] = [];
    const listening = { ...context, onLost: (error: unknown) => heard.push(error) };
    for (let time = 0; time < 2; time += 1) {
      const run = durably(listening, 'park', () => Promise.reject(lost));
      await expect(run).rejects.toBeInstanceOf(StoppingError);
    }
    expect(heard).toEqual([lost, lost]);
    expect(events()).toEqual(['store.lost']);
    expect(health).toMatchObject({ problem: 'Taken over.' });
  });

  it('passes on at once what is no fault of a store', async () => {
    const { context, events } = bench();
    const fault = new TypeError('ours');
    await expect(durably(context, 'park', () => Promise.reject(fault))).rejects.toBe(fault);
    expect(events()).toEqual([]);
  });
});
