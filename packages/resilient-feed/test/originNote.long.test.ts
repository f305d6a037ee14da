import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { likeliest } from '@soar-feed/soar-simulator';
import type { Behaviour } from '@soar-feed/soar-simulator';
import { FeedBench } from './helpers/feedBench.js';
import { until } from './helpers/until.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const TOGETHER = ['POST /incidents'];
const APART = ['POST /incidents', 'POST /incidents/N/comments'];

let bench: FeedBench;

afterEach(() => bench.stop());

async function started(behaviour: Partial<Behaviour> = {}): Promise<void> {
  bench = await FeedBench.start();
  bench.simulator.behaviour = { ...likeliest, ...behaviour };
}

let made = 0;

async function anEvent(): Promise<FeedEvent> {
  const { id } = bench.source.createIncident({ name: `Incident ${(made += 1)}`, discovered_date: made });
  return bench.events.incident(id);
}

/** The notes of the counterpart. */
function notesOf({ payload }: FeedEvent): readonly string[] {
  const copies = bench.target.incidents().filter(({ name }) => name === payload['name']);
  expect(copies).toHaveLength(1);
  return bench.target.notes({ incidentId: copies[0]?.id ?? 0 }).map(({ text }) => String(text));
}

/** Searches for lost incidents are no part of this. */
const writesAndLooks = (requests: readonly string[]) => requests.filter((one) => !one.endsWith('query_paged'));

const saidOff = () => bench.log.lines.filter(({ fields }) => fields['event'] === 'target.bundles-off');

describe('the note about the origin', () => {
  it('travels inside the create of its incident, once and with the same words', async () => {
    await started();
    const [apart, inside] = [await anEvent(), await anEvent()];
    const off = await bench.feed({ bundleCreates: false });
    expect(writesAndLooks(await bench.requests(() => bench.deliver(off, apart)))).toEqual(APART);
    await off.close();
    const feed = await bench.feed();
    expect(writesAndLooks(await bench.requests(() => bench.deliver(feed, inside)))).toEqual(TOGETHER);
    const numbered = ({ key }: FeedEvent, [text, ...more]: readonly string[]) => [
      text?.replace(`Incident ${key.incidentId}`, 'Incident N'),
      ...more,
    ];
    expect(numbered(inside, notesOf(inside))).toEqual(numbered(apart, notesOf(apart)));
    expect(notesOf(inside)).toEqual([expect.stringContaining('Incident created from')]);
    expect(await bench.requests(() => bench.deliver(feed, inside))).toEqual([]);
  });

  it('is looked for once where the answer does not show it, then the server is known to take it', async () => {
    await started({ bundledAnswer: 'omitted' });
    const feed = await bench.feed();
    const [first, second] = [await anEvent(), await anEvent()];
    expect(writesAndLooks(await bench.requests(() => bench.deliver(feed, first)))).toEqual([
      ...TOGETHER,
      'GET /incidents/N/comments',
    ]);
    expect(writesAndLooks(await bench.requests(() => bench.deliver(feed, second)))).toEqual(TOGETHER);
    expect([notesOf(first), notesOf(second)].map(({ length }) => length)).toEqual([1, 1]);
    expect(saidOff()).toEqual([]);
  });

  it.each(['shown', 'omitted'] as const)(
    'gets its own request where the server ignores it (answer: %s), which is said once',
    async (bundledAnswer) => {
      await started({ bundledObjects: 'ignored', bundledAnswer });
      const feed = await bench.feed();
      const [first, second] = [await anEvent(), await anEvent()];
      expect(writesAndLooks(await bench.requests(() => bench.deliver(feed, first)))).toEqual([
        ...TOGETHER,
        'GET /incidents/N/comments',
        'GET /incidents/N/comments',
        'POST /incidents/N/comments',
      ]);
      expect(writesAndLooks(await bench.requests(() => bench.deliver(feed, second)))).toEqual(APART);
      expect([notesOf(first), notesOf(second)].map(({ length }) => length)).toEqual([1, 1]);
      expect(saidOff()).toHaveLength(1);
    },
  );

  it('gets its own request where the server refuses it, which is said once', async () => {
    await started({ bundledObjects: 'refused' });
    const feed = await bench.feed();
    const [first, second] = [await anEvent(), await anEvent()];
    expect(writesAndLooks(await bench.requests(() => bench.deliver(feed, first)))).toEqual([
      'POST /incidents',
      ...APART,
    ]);
    expect(writesAndLooks(await bench.requests(() => bench.deliver(feed, second)))).toEqual(APART);
    expect([notesOf(first), notesOf(second)].map(({ length }) => length)).toEqual([1, 1]);
    expect(saidOff()).toHaveLength(1);
  });

  it.each(['the same process', 'another process'])('of an unanswered create is found by %s', async (who) => {
    await started();
    const event = await anEvent();
    const first = await bench.feed();
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset: 'after', times: 1 });
    await expect(bench.deliver(first, event)).rejects.toMatchObject({ kind: 'retryable' });
    if (who === 'another process') await first.close();
    const second = who === 'another process' ? await bench.feed() : first;
    const requests = await bench.requests(() => bench.deliver(second, event, 2));
    expect(writesAndLooks(requests)).toEqual(['GET /incidents/N/comments']);
    expect(notesOf(event)).toHaveLength(1);
  });

  it('of an unanswered create that the server made without it is made once it can no longer appear', async () => {
    await started({ bundledObjects: 'ignored' });
    const event = await anEvent();
    const feed = await bench.feed({ createSettleMs: 400 });
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset: 'after', times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    await until(async () => (await bench.deliver(feed, event, 2)).status === 'delivered');
    expect(notesOf(event)).toHaveLength(1);
  });

  it.each([
    ['the connection breaks', { reset: 'after' }, 'retryable'],
    ['a gateway answers', { gateway: { status: 502, page: 'html', commit: 'after' } }, 'unavailable'],
  ] as const)('is not sent again while it may appear late, after a create in which %s', async (_, fault, kind) => {
    await started({ bundledObjects: 'late' });
    const event = await anEvent();
    const feed = await bench.feed({ createSettleMs: 1_000 });
    // What an earlier process began would have settled by now.
    await sleep(1_000);
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', ...fault, times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind });
    if (kind === 'unavailable') await bench.reopen(feed);
    await until(async () => (await bench.deliver(feed, event, 2)).status === 'delivered');
    await bench.target.settled();
    expect(notesOf(event)).toHaveLength(1);
  });

  it('of an unanswered create is known although the incident has changed and other fields are left out', async () => {
    await started();
    const event = await anEvent();
    const feed = await bench.feed({ createSettleMs: 400 });
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset: 'after', times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    bench.source.updateIncident(event.key.incidentId, { properties: { source_only: 'left out' } });
    const changed = await bench.events.incident(event.key.incidentId);
    expect(JSON.stringify(changed.payload)).toContain('left out');
    await until(async () => (await bench.deliver(feed, changed, 2)).status === 'delivered');
    expect(notesOf(event)).toHaveLength(1);
  });

  it('of a create that had no effect goes on its own when the incident is made again', async () => {
    await started();
    const event = await anEvent();
    const feed = await bench.feed({ createSettleMs: 400 });
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset: 'before', times: 1 });
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'retryable' });
    const requests = await bench.requests(() =>
      until(async () => (await bench.deliver(feed, event, 2)).status === 'delivered'),
    );
    expect(requests.filter((one) => !one.endsWith('query_paged'))).toEqual(APART);
    expect(notesOf(event)).toHaveLength(1);
  });
});

describe('the tasks that the target makes with an incident', () => {
  it.each([
    ['answered', 0],
    ['ignored', 1],
  ] as const)('are adopted, each once: want_tasks is %s', async (wantedTasks, readings) => {
    await started({ wantedTasks });
    const { source, target, events } = bench;
    const feed = await bench.feed();
    const { id } = source.createIncident({ name: 'Malware', discovered_date: 1, incident_type_ids: ['Malware'] });
    await source.settled();
    const whole = await events.whole(id);
    const requests = await bench.requests(() => bench.deliverAll(feed, whole));
    expect(requests.filter((one) => one === 'GET /incidents/N/tasks')).toHaveLength(readings);
    expect(requests.filter((one) => one === 'POST /incidents/N/tasks')).toEqual([]);
    const names = (tasks: readonly { readonly name: string }[]) => tasks.map(({ name }) => name).sort();
    expect(names(target.tasks(target.incidentIds().at(-1) ?? 0))).toEqual(names(source.tasks(id)));
  });
});
