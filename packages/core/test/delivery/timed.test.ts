import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { anIncident } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();
const TIMES = [{ field: 'phase_id', value: 'Respond', seconds: 60, running: true }];

async function given(capability: { timeSeries?: true }, timed?: (event: FeedEvent) => Promise<FeedEvent>) {
  const target = new ScriptedTarget({ deletes: 'apply', content: false, ...capability });
  const made = bench(target);
  let asked = 0;
  if (timed !== undefined)
    Object.assign(made.source, {
      timed: (event: FeedEvent) => {
        asked += 1;
        return timed(event);
      },
    });
  const events: FeedEvent[] = [];
  target.answer = (event) => {
    events.push(event);
    return { status: 'delivered', change: 'updated' };
  };
  await made.feed.start();
  const ended = await made.feed.accept(anIncident());
  expect(ended).toMatchObject({ outcome: 'delivered' });
  return { event: events[0] as FeedEvent, asked };
}

describe('the time series of an incident', () => {
  const timed = async (event: FeedEvent): Promise<FeedEvent> => ({ ...event, timeSeries: TIMES });

  it('is asked for and given to a target that writes it', async () => {
    expect(await given({ timeSeries: true }, timed)).toMatchObject({ event: { timeSeries: TIMES }, asked: 1 });
  });

  it('is not asked for where the target does not write it', async () => {
    const { event, asked } = await given({}, timed);
    expect([event.timeSeries, asked]).toEqual([undefined, 0]);
  });

  it('is absent where the source knows of none', async () => {
    const { event } = await given({ timeSeries: true });
    expect(event).toEqual(anIncident());
  });
});

it('the status tells the age of the oldest event that is queued', async () => {
  const target = new ScriptedTarget();
  target.answer = () => new Promise(() => undefined);
  const { feed, clock } = bench(target);
  await feed.start();
  void feed.accept(anIncident({ incidentId: 2001, objectId: 2001 })).catch(() => undefined);
  await clock.advance(3_000);
  void feed.accept(anIncident({ incidentId: 2002, objectId: 2002 })).catch(() => undefined);
  await settle();
  await clock.advance(1_000);
  expect(feed.status()).toMatchObject({ queued: 2, oldestMs: 4_000 });
});
