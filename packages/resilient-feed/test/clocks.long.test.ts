import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Clock, FeedEvent } from '@soar-feed/core';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench, systemClock } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(120_000);

const MINUTES = 60_000;

/** Whose clock is off, and by how much, ms. */
interface Wrong {
  readonly target?: number;
  readonly source?: number;
  /** Our own clock: both servers differ from it. */
  readonly ours?: number;
}

const wrong: [string, Wrong][] = [20, -20].flatMap((minutes): [string, Wrong][] => [
  [`the target's clock is off by ${minutes} minutes`, { target: minutes * MINUTES }],
  [`the source's clock is off by ${minutes} minutes`, { source: minutes * MINUTES }],
  [`our clock is off by ${minutes} minutes`, { ours: minutes * MINUTES }],
  [
    `the servers' clocks are off by ${minutes} minutes in opposite directions`,
    { target: minutes * MINUTES, source: -minutes * MINUTES },
  ],
]);

describe.each(wrong)('%s', (_name, { target: targetMs = 0, source: sourceMs = 0, ours: oursMs = 0 }) => {
  let bench: FeedBench;
  const clock: Clock = { ...systemClock, now: () => Date.now() + oursMs };

  async function start(): Promise<void> {
    bench = await FeedBench.start();
    bench.clock = clock;
    bench.target.clockOffsetMs = targetMs;
    bench.source.clockOffsetMs = sourceMs;
  }
  afterEach(() => bench.stop());

  async function everyType(): Promise<FeedEvent[]> {
    const { source, events } = bench;
    const { id } = source.createIncident({ name: 'Unanswered', discovered_date: 1 });
    const task = source.createTask(id, { name: 'Task' });
    const note = source.addNote({ incidentId: id }, 'a note');
    source.reply(note.id, 'a reply');
    source.addNote({ taskId: task.id }, 'of the task');
    source.addArtifact(id, { type: 'String', value: 'x' });
    source.addAttachment({ incidentId: id }, { name: 'a.txt', content: Buffer.from('a') });
    source.addMilestone(id, { title: 'Milestone', date: 1 });
    source.addRow(id, 'hosts', { host: 'h' });
    return events.whole(id);
  }

  function countOf(incidentId: number): number {
    const { target } = bench;
    const notes = target.notes({ incidentId });
    const tasks = target.tasks(incidentId);
    return [
      ...[
        tasks,
        notes,
        notes.flatMap(({ children }) => children),
        tasks.flatMap((t) => target.notes({ taskId: t.id })),
      ],
      ...[target.artifacts(incidentId), target.attachments({ incidentId })],
      ...[target.milestones(incidentId), target.rows(incidentId)],
    ].flat().length;
  }

  async function unanswered(feed: ResilientFeed, event: FeedEvent): Promise<void> {
    const fault = bench.simulator.faults.add({ method: 'POST', reset: 'after', times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    expect(fault.hits).toBe(1);
  }

  it('finds what unanswered creates of every type made, also after a restart', async () => {
    await start();
    const events = await everyType();
    let feed = await bench.feed();
    for (const [index, event] of events.entries()) {
      await unanswered(feed, event);
      if (index % 2 === 1) {
        await feed.close();
        feed = await bench.feed();
      }
      expect(await bench.deliver(feed, event, 2)).toMatchObject({ status: 'delivered' });
    }
    const [copy, ...others] = bench.target.incidents().filter(({ name }) => name === 'Unanswered');
    expect(others).toEqual([]);
    // Its own objects, and the note about its origin.
    expect(countOf(copy?.id ?? 0)).toBe(events.length - 1 + 1);
  });

  it('does not take an older equal object of our account for what an unanswered create made', async () => {
    await start();
    const { source, target, events } = bench;
    const feed = await bench.feed({ createSettleMs: 0 });
    const { id } = source.createIncident({ name: 'Sibling', discovered_date: 1 });
    await bench.deliver(feed, await events.incident(id));
    const copyId = target.incidentIds().at(-1) ?? 0;
    // By our own account, one minute ago.
    target.clockOffsetMs = targetMs - MINUTES;
    await bench.asTargetLogin((client) => client.notes.create({ incidentId: copyId }, { text: 'equal' }));
    target.clockOffsetMs = targetMs;
    const event = await events.note(id, source.addNote({ incidentId: id }, 'equal').id);
    bench.simulator.faults.add({ method: 'POST', reset: 'before', times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    expect(await bench.deliver(feed, event, 2)).toMatchObject({ change: 'created' });
    expect(target.notes({ incidentId: copyId }).filter(({ text }) => text === 'equal')).toHaveLength(2);
  });

  it('finds all again after the mapping is lost, and doubles nothing', async () => {
    await start();
    const events = await everyType();
    const first = await bench.feed();
    await bench.deliverAll(first, events);
    await first.close();
    await bench.loseMapping();
    const copyId = bench.target.incidentIds().at(-1) ?? 0;
    const before = countOf(copyId);
    const feed = await bench.feed();
    const id = events[0]?.key.incidentId ?? 0;
    await bench.deliverAll(feed, await bench.events.whole(id));
    expect(bench.target.incidentIds()).toHaveLength(1);
    expect(countOf(copyId)).toBe(before);
    // What is new since is made, once.
    const note = bench.source.addNote({ incidentId: id }, 'new');
    expect(await bench.deliver(feed, await bench.events.note(id, note.id))).toMatchObject({ change: 'created' });
    expect(countOf(copyId)).toBe(before + 1);
  });
});

describe("the target's clock is set back just before a create that is not answered", () => {
  it.each(['in the same process', 'after a restart'])('its object is found %s', async (when) => {
    const bench = await FeedBench.start();
    try {
      const { source, target, events, simulator } = bench;
      let feed = await bench.feed();
      const { id } = source.createIncident({ name: 'Set back', discovered_date: 1 });
      await bench.deliver(feed, await events.incident(id));
      target.clockOffsetMs = -20 * MINUTES;
      const event = await events.note(id, source.addNote({ incidentId: id }, 'once').id);
      simulator.faults.add({ method: 'POST', reset: 'after', times: 1 });
      await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
      if (when === 'after a restart') {
        await feed.close();
        feed = await bench.feed();
      }
      expect(await bench.deliver(feed, event, 2)).toMatchObject({ status: 'delivered' });
      const copyId = target.incidentIds().at(-1) ?? 0;
      expect(target.notes({ incidentId: copyId }).filter(({ text }) => text === 'once')).toHaveLength(1);
    } finally {
      await bench.stop();
    }
  });
});
