import { afterEach, describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { anIncident, aNote, aTask, fakeClock } from '@soar-feed/feed-testkit';
import { makeFeed, ScriptedTarget, settle } from '../../delivery/feedBench.js';

type Made = ReturnType<typeof makeFeed>;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Starts the return of these feeds' rows, on the clock of the first feed. */
function replaying(feeds: readonly Made[]) {
  const [{ clock }] = feeds as [Made];
  for (const { back } of feeds) back.start();
  closing.push(async () => {
    const stopped = Promise.all([...feeds.map(({ back }) => back.stop()), ...feeds.map(({ feed }) => feed.stop(0))]);
    for (let turn = 0; turn < 50; turn += 1) for (const made of feeds) await made.clock.advance(50);
    await stopped;
  });
  return {
    async turn() {
      await clock.advance(250);
      await settle();
    },
  };
}

async function park({ parking, rebuilt }: Made, event: FeedEvent): Promise<void> {
  await parking.park(event, { state: 'deferred' });
  rebuilt.set(`${event.key.type}/${event.key.objectId}`, event);
}

describe('RowReturn', () => {
  it('brings back the rows of one feed while another has no room for its own', async () => {
    const stuck = new ScriptedTarget();
    stuck.answer = () => new Promise(() => undefined);
    const target = new ScriptedTarget();
    const clock = fakeClock();
    const [full, free] = [makeFeed(stuck, { concurrency: 1 }, clock), makeFeed(target, {}, clock)];
    for (const { feed } of [full, free]) await feed.start();
    for (const incidentId of [1, 2, 3, 4]) await park(full, anIncident({ incidentId, objectId: incidentId }));
    await park(free, anIncident());
    const { turn } = replaying([full, free]);
    await turn();
    await park(free, aNote());
    await turn();
    expect(stuck.seen).toEqual(['1/incident/1@1']);
    expect(target.seen).toEqual(['2100/incident/2100@1', '2100/note/420']);
  });

  it('loads an incident whole once nothing is deferred any more: parked, it would be wished for again and again', async () => {
    const target = new ScriptedTarget();
    const made = makeFeed(target);
    await made.feed.start();
    const loaded: number[] = [];
    let letGo: () => void = () => undefined;
    target.answer = ({ key }) => {
      if (key.type !== 'note') return { status: 'delivered', change: 'created', resync: true };
      return new Promise((resolve) => (letGo = () => resolve({ status: 'delivered', change: 'created' })));
    };
    await made.feed.accept(anIncident());
    await park(made, aNote({ incidentId: 7 }));
    made.brings.resync = async (incidentId) => void loaded.push(incidentId);
    const { turn } = replaying([made]);
    await turn();
    await turn();
    expect(loaded).toEqual([]);
    letGo();
    await settle();
    await turn();
    expect(loaded).toEqual([2100]);
    expect(made.parking.index.size).toBe(0);
  });

  it('brings nothing past a row that has to wait for an older event of its object', async () => {
    const target = new ScriptedTarget();
    const made = makeFeed(target);
    await made.feed.start();
    const [early, late] = [aTask({ payload: { vers: 1 } }), aTask({ id: 'late', payload: { vers: 2 } })];
    let letGo: () => void = () => undefined;
    target.answer = ({ id }) => {
      if (id !== early.id) return { status: 'delivered', change: 'updated' };
      return new Promise((resolve) => (letGo = () => resolve({ status: 'delivered', change: 'created' })));
    };
    await park(made, early);
    const { turn } = replaying([made]);
    await turn();
    await park(made, late);
    await park(made, anIncident());
    await turn();
    letGo();
    await settle();
    await turn();
    expect(target.seen).toEqual(['2100/task/310@1', '2100/task/310@2', '2100/incident/2100@1']);
  });

  it('brings nothing before what waited for an object that has come', async () => {
    const target = new ScriptedTarget();
    const made = makeFeed(target);
    await made.feed.start();
    const { key } = anIncident();
    const task = aTask();
    await made.parking.park(task, { state: 'waiting', on: key });
    made.rebuilt.set(`task/${task.key.objectId}`, task);
    await park(made, anIncident({ id: 'first' }));
    const { rebuild } = made.source;
    let letGo: () => void = () => undefined;
    made.source.rebuild = async (row) => {
      if (row.key.type === 'task') await new Promise<void>((resolve) => (letGo = resolve));
      return rebuild(row);
    };
    const { turn } = replaying([made]);
    target.answer = async ({ id }) => {
      if (id === 'first') await park(made, anIncident({ id: 'closed', payload: { vers: 2 } }));
      return { status: 'delivered', change: 'updated' };
    };
    await turn();
    await turn();
    letGo();
    await settle();
    await turn();
    expect(target.seen).toEqual(['2100/incident/2100@1', '2100/task/310', '2100/incident/2100@2']);
  });

  it('forgets a parent that nobody waits for any more: the next to wait gives it its time anew', async () => {
    const made = makeFeed(new ScriptedTarget());
    await made.feed.start();
    const asked: string[] = [];
    made.brings.discover = async ({ type }) => void asked.push(type);
    const { turn } = replaying([made]);
    const child = aNote({ incidentId: 7 });
    const wait = () =>
      made.parking.park(child, { state: 'waiting', on: anIncident({ incidentId: 7, objectId: 7 }).key });
    await made.parking.park(aNote({ objectId: 1 }), { state: 'failed', code: 'no', message: 'no', attempts: 1 });
    await wait();
    await turn();
    const row = await made.parking.find(child.key);
    await made.parking.remove(child.key, row?.revision ?? 0);
    for (let quarter = 0; quarter < 12; quarter += 1) await turn();
    await wait();
    for (let quarter = 0; quarter < 4; quarter += 1) await turn();
    expect(asked).toEqual([]);
    for (let quarter = 0; quarter < 8; quarter += 1) await turn();
    expect(asked).toEqual(['incident']);
  });
});
