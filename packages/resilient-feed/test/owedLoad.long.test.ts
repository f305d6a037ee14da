import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('a note and its reply that are gone in the target, which a restored source has again', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  let incidentId: number;
  let top: number;
  beforeEach(async () => {
    bench = await FeedBench.start();
    bench.simulator.behaviour.deletedThread = 'removed';
    feed = await bench.feed();
    incidentId = bench.source.createIncident({ name: 'Restored', discovered_date: 1 }).id;
    top = bench.source.addNote({ incidentId }, 'top').id;
    bench.source.reply(top, 'below');
    bench.source.addNote({ incidentId }, 'beside');
    await bench.deliverAll(feed, await bench.events.whole(incidentId));
    const copy = bench.target.incidentIds().at(-1) ?? 0;
    bench.target.deleteNote(
      bench.target.notes({ incidentId: copy }).find(({ text }) => String(text).includes('top'))?.id ?? 0,
    );
  });
  afterEach(() => bench.stop());

  const restored = async (): Promise<FeedEvent> => bench.events.note(incidentId, top, { restored: true });

  it('asks for the whole incident, also if the note is made only at the second try', async () => {
    bench.simulator.faults.add({ method: 'POST', path: '/incidents/*/comments', status: 400, times: 1 });
    await expect(bench.deliver(feed, await restored())).rejects.toMatchObject({ kind: 'permanent' });
    expect(await bench.deliver(feed, await restored(), 2)).toMatchObject({ change: 'created', resync: true });
  });

  it('asks once: while the incident itself cannot be written, its other objects do not ask again', async () => {
    expect(await bench.deliver(feed, await restored())).toMatchObject({ change: 'created', resync: true });
    const notes = bench.source.notes({ incidentId });
    const beside = notes.find(({ id }) => id !== top)?.id ?? 0;
    const event = await bench.events.note(incidentId, beside);
    const results = [
      await bench.deliver(feed, event),
      await bench.deliver(feed, event),
      await bench.deliver(feed, event),
    ];
    expect(results.filter((result) => 'resync' in result && result.resync === true)).toHaveLength(1);
  });

  it('asks once more after a restart', async () => {
    await bench.deliver(feed, await restored());
    await feed.close();
    feed = await bench.feed();
    const beside = bench.source.notes({ incidentId }).find(({ id }) => id !== top)?.id ?? 0;
    const event = await bench.events.note(incidentId, beside);
    expect(await bench.deliver(feed, event)).toMatchObject({ change: 'unchanged', resync: true });
    expect(await bench.deliver(feed, event)).not.toMatchObject({ resync: true });
  });
});
