import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { MappingDatabase } from '../src/mapping/MappingDatabase.js';
import { OpenCreates } from '../src/mapping/OpenCreates.js';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';
import { until } from './helpers/until.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('a create that is still under way while the host has gone on', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  let copyId: number;
  let incidentId: number;
  beforeEach(async () => {
    bench = await FeedBench.start();
    feed = await bench.feed({ createSettleMs: 700 });
    incidentId = bench.source.createIncident({ name: 'Of two attempts', discovered_date: 1 }).id;
    await bench.deliver(feed, await bench.events.incident(incidentId));
    copyId = bench.target.incidentIds()[0] ?? 0;
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await bench.stop();
  });

  const context = () => ({ signal: new AbortController().signal, attempt: 1, log: recordingLogger() });
  const aNote = async (text: string) => bench.events.note(incidentId, bench.source.addNote({ incidentId }, text).id);
  const copies = (text: string) => bench.target.notes({ incidentId: copyId }).filter((note) => note.text === text);

  it('takes away no intent of the attempt after it', async () => {
    const note = await aNote('once');
    const { begin } = OpenCreates.prototype;
    // The database takes longer with the first intent than a delivery may take.
    const disk = gate();
    jest.spyOn(OpenCreates.prototype, 'begin').mockImplementationOnce(async function (this: OpenCreates, intent) {
      await disk.passed;
      await begin.call(this, intent);
    });
    const given = new AbortController();
    const first = feed.deliver(note, { ...context(), signal: given.signal }).catch((error: unknown) => error);
    await sleep(50);
    given.abort();
    bench.simulator.faults.add({ method: 'POST', delayMs: 300, reset: 'after', times: 1 });
    const second = bench.deliver(feed, note, 2).catch((error: unknown) => error);
    await sleep(150);
    disk.open();
    expect(await first).toMatchObject({ kind: 'retryable', code: 'aborted' });
    expect(await second).toMatchObject({ kind: 'retryable', code: 'connection-lost' });
    await until(async () => (await bench.deliver(feed, note, 3)).status === 'delivered');
    expect(copies('once')).toHaveLength(1);
  });

  it('and is refused late takes away no intent of the attempt after it either', async () => {
    await feed.close();
    feed = await bench.feed({ createSettleMs: 0 });
    const note = await aNote('refused once');
    const late = bench.simulator.faults.add({ method: 'POST', delayMs: 700, status: 400, times: 1 });
    const first = feed.deliver(note, context()).catch((error: unknown) => error);
    await until(() => Promise.resolve(late.hits === 1));
    const lost = bench.simulator.faults.add({ method: 'POST', delayMs: 1_200, reset: 'after', times: 1 });
    const second = feed.deliver(note, { ...context(), attempt: 2 }).catch((error: unknown) => error);
    await until(() => Promise.resolve(lost.hits === 1));
    expect(await first).toMatchObject({ kind: 'permanent' });
    expect(await second).toMatchObject({ kind: 'retryable', code: 'connection-lost' });
    expect(await bench.deliver(feed, note, 3)).toMatchObject({ change: 'unchanged' });
    expect(copies('refused once')).toHaveLength(1);
  });

  it('is waited for also when its answer gets lost after the feed was opened anew', async () => {
    const note = await aNote('late');
    const late = bench.simulator.faults.add({ method: 'POST', delayMs: 1_000, lateCommitMs: 400, times: 1 });
    const creating = feed.deliver(note, context()).catch((error: unknown) => error);
    await until(() => Promise.resolve(late.hits === 1));
    // Its connection ends with the feed's first opening.
    await feed.open({ signal: new AbortController().signal });
    expect(await creating).toMatchObject({ kind: 'retryable', code: 'connection-lost' });
    await until(async () => (await bench.deliver(feed, note, 2)).status === 'delivered');
    await sleep(600);
    expect(copies('late')).toHaveLength(1);
  });

  it('is changed only once it is on disk: what it is found by stays as it was sent', async () => {
    const note = bench.source.addNote({ incidentId }, 'first');
    const made = await bench.events.note(incidentId, note.id);
    bench.source.editNote(note.id, 'second');
    const edited = await bench.events.note(incidentId, note.id);
    const disk = gate();
    const writes = jest.spyOn(MappingDatabase.prototype, 'write');
    writes.mockImplementation(async function (this: MappingDatabase, write, options) {
      if (write.link !== undefined) await disk.passed;
      return original.call(this, write, options);
    });
    await feed.deliver(made, context());
    let changing: Promise<unknown> = Promise.resolve();
    const requests = await bench.requests(async () => {
      changing = feed.deliver(edited, context());
      await sleep(200);
    });
    expect(requests).toEqual([]);
    expect(copies('first')).toHaveLength(1);
    disk.open();
    await changing;
    expect(copies('second')).toHaveLength(1);
  });
});

const original = MappingDatabase.prototype.write;

function gate() {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}
