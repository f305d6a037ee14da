import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { aDelete, aNote, anIncident } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();

describe('events of one incident that may travel together', () => {
  /** A lane of three entries, the first of which is under way: the others then go in one run. */
  async function together(first: FeedEvent, ...others: readonly FeedEvent[]) {
    const target = new ScriptedTarget({ deletes: 'apply', content: false, batch: { maxEvents: 4, maxWaitMs: 100 } });
    let letGo: () => void = () => undefined;
    target.answer = () => new Promise((resolve) => (letGo = () => resolve({ status: 'delivered', change: 'updated' })));
    const made = bench(target);
    await made.feed.start();
    const ends = [made.feed.accept(first)];
    await made.clock.advance(200);
    ends.push(...others.map((event) => made.feed.accept(event)));
    await settle();
    target.answer = () => ({ status: 'delivered', change: 'updated' });
    letGo();
    await settle();
    await made.clock.advance(200);
    await Promise.all(ends);
    return target.seen;
  }

  it('an older snapshot behind a newer one never wins', async () => {
    const seen = await together(
      anIncident({ payload: { vers: 4 } }),
      anIncident({ payload: { vers: 6 }, id: 'new' }),
      anIncident({ payload: { vers: 5 }, id: 'old', origin: 'reload' }),
    );
    expect(seen).toEqual(['2100/incident/2100@4', '2100/incident/2100@6']);
  });

  it('what speaks of a deleted object is not applied after its delete', async () => {
    const seen = await together(
      anIncident({ payload: { vers: 4 } }),
      aDelete(anIncident()),
      anIncident({ payload: { vers: 5 }, id: 'late' }),
      aNote({ id: 'late note' }),
    );
    expect(seen).toEqual(['2100/incident/2100@4', 'delete 2100/incident/2100']);
  });
});
