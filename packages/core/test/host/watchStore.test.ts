import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { MemoryStore } from '../../src/parking/MemoryStore.js';
import { StoreError } from '../../src/index.js';
import type { FeedStore } from '../../src/index.js';
import { watchStore } from '../../src/host/watchStore.js';

describe('watchStore', () => {
  it('knows how the store is while nothing comes', async () => {
    const clock = fakeClock();
    const health: { problem: string | undefined } = { problem: undefined };
    const stopping = new AbortController();
    let problem: string | undefined;
    const store: FeedStore = Object.assign(new MemoryStore(), {
      async check() {
        if (problem !== undefined) throw new StoreError(problem, { code: 'store-moved' });
      },
    });
    const context = { clock, log: recordingLogger(), health, signal: stopping.signal };
    const watching = watchStore(store, context, stopping.signal);
    await clock.advance(10_000);
    problem = 'gone';
    await clock.advance(1_000);
    expect(health.problem).toBe('gone');
    problem = undefined;
    await clock.advance(10_000);
    expect(health.problem).toBeUndefined();
    stopping.abort();
    await watching;
  });
});
