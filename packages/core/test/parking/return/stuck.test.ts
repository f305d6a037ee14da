import { describe, expect, it } from '@jest/globals';
import { PermanentError, UnavailableError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { aNote, anIncident, aTask } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from '../../delivery/feedBench.js';

const { bench, closing } = benches();

/** A gateway answers in the source's place. */
const gateway = () => Object.assign(new Error('502 of a gateway'), { retryable: true, unavailable: true });

/** Starts the return, and gives a function that lets so many of its looks pass. */
function running({ back, clock }: ReturnType<typeof bench>) {
  back.start();
  closing.unshift(async () => {
    const stopped = back.stop();
    await clock.advance(1_000);
    void stopped;
  });
  return async (times: number): Promise<void> => {
    for (let at = 0; at < times; at += 1) {
      await clock.advance(250);
      await settle(5);
    }
  };
}

describe('no row stays for ever: the return', () => {
  it('goes on after an outage that emptied the lanes while somebody waited for room', async () => {
    const target = new ScriptedTarget();
    const made = bench(target, { concurrency: 1, maxQueued: 10, spillAfterMs: 5_000 });
    const { feed, parking, brings, rebuilt } = made;
    await feed.start();
    await parking.wishResync(anIncident().key);
    // As the handover of a reload does it.
    brings.resync = async (incidentId) => {
      const ends: Promise<unknown>[] = [];
      for (let objectId = 1; objectId <= 8; objectId += 1) {
        await feed.room(incidentId);
        const event = aNote({ id: `load:${objectId}`, objectId, origin: 'reload' });
        rebuilt.set(`note/${objectId}`, { ...event, origin: 'replay' } as FeedEvent);
        ends.push(feed.accept(event));
      }
      await Promise.all(ends);
    };
    let away = true;
    target.answer = () =>
      away ? new UnavailableError('away', { code: 'gone-away' }) : { status: 'delivered', change: 'created' };
    target.onOpen = () => {
      if (away) throw new UnavailableError('away', { code: 'gone-away' });
    };
    const turn = running(made);
    await turn(60); // 15 s: the feed is away, its events have rows
    expect(feed.status()).toMatchObject({ state: 'down', queued: 0 });
    away = false;
    await turn(4 * 60 * 10); // ten minutes
    expect(feed.status()).toMatchObject({ state: 'up', queued: 0, lagging: false, parked: { deferred: 0, resync: 0 } });
  });

  it('skips what waits for an object that was skipped because its own parent was', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    const { feed, brings, rebuilt } = made;
    await feed.start();
    const task = aTask({ id: 'task' });
    const note = aNote({ id: 'note', objectId: 1 });
    const reply = aNote({ id: 'reply', objectId: 2 });
    const fetched: string[] = [];
    brings.discover = async (key) => {
      fetched.push(key.type);
      return { ...(key.type === 'task' ? task : note), id: 'discovered', origin: 'reload' } as FeedEvent;
    };
    rebuilt.set('note/1', { ...note, origin: 'replay' });
    rebuilt.set('note/2', { ...reply, origin: 'replay' });
    target.answer = ({ key }) => {
      if (key.type === 'task') return { status: 'skipped', reason: 'not wanted' };
      return { status: 'waiting', on: key.objectId === 1 ? task.key : note.key };
    };
    const turn = running(made);
    expect(await feed.accept(note)).toMatchObject({ outcome: 'parked' });
    expect(await feed.accept(reply)).toMatchObject({ outcome: 'parked' });
    expect(await feed.accept(task)).toMatchObject({ outcome: 'skipped' });
    await turn(4 * 60 * 5);
    expect([feed.status().parked.waiting, fetched.length]).toEqual([0, 0]);
  });

  it('brings deferred rows back after an outage that emptied lanes full of queue messages', async () => {
    const target = new ScriptedTarget();
    const made = bench(target, { concurrency: 1, spillAfterMs: 5_000 });
    const { feed, parking, rebuilt } = made;
    await feed.start();
    const incident = (id: number) => anIncident({ id: `queue:${id}`, incidentId: id, objectId: id });
    for (const id of [8, 9]) await parking.park(incident(id), { state: 'deferred' });
    for (const id of [1, 2, 3, 8, 9]) rebuilt.set(`incident/${id}`, { ...incident(id), origin: 'replay' });
    let away = false;
    const gates: (() => void)[] = [];
    target.answer = async () => {
      if (away) return new UnavailableError('away', { code: 'gone-away' });
      await new Promise<void>((resolve) => gates.push(resolve));
      return away ? new UnavailableError('away', { code: 'gone-away' }) : { status: 'delivered', change: 'created' };
    };
    target.onOpen = () => {
      if (away) throw new UnavailableError('away', { code: 'gone-away' });
    };
    const ends: Promise<unknown>[] = [feed.accept(incident(1))];
    const turn = running(made);
    await turn(1); // row 8 is in its lane, row 9 waits for room
    ends.push(feed.accept(incident(2)), feed.accept(incident(3)));
    for (let at = 0; at < 2; at += 1) {
      gates.shift()?.(); // incident 1, then row 8
      await settle();
    }
    away = true;
    gates.shift()?.(); // incident 2 meets the outage
    await turn(60);
    expect(feed.status()).toMatchObject({ state: 'down', queued: 0 });
    away = false;
    target.answer = () => ({ status: 'delivered', change: 'created' });
    await turn(4 * 60 * 10);
    expect(feed.status()).toMatchObject({ state: 'up', queued: 0, lagging: false, parked: { deferred: 0 } });
    await Promise.all(ends);
  });

  it('brings the rows behind one whose object a gateway always refuses, while the source gives all others', async () => {
    const made = bench(new ScriptedTarget());
    const { feed, parking, rebuilt } = made;
    await feed.start();
    const incident = (id: number) => anIncident({ id: `queue:${id}`, incidentId: id, objectId: id });
    for (const id of [1, 2, 3]) await parking.park(incident(id), { state: 'deferred' });
    rebuilt.set('incident/1', gateway());
    for (const id of [2, 3]) rebuilt.set(`incident/${id}`, { ...incident(id), origin: 'replay' });
    const turn = running(made);
    await turn(4 * 60 * 5);
    expect(feed.status().parked.deferred).toBe(1);
  });

  it('waits for a source that gives nothing, with one warning, and goes on at once when it is back', async () => {
    const made = bench(new ScriptedTarget());
    const { feed, parking, rebuilt, log } = made;
    await feed.start();
    const incident = (id: number) => anIncident({ id: `queue:${id}`, incidentId: id, objectId: id });
    for (const id of [1, 2, 3]) {
      await parking.park(incident(id), { state: 'deferred' });
      rebuilt.set(`incident/${id}`, gateway());
    }
    const turn = running(made);
    await turn(4 * 60);
    expect(feed.status().parked.deferred).toBe(3);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    for (const id of [1, 2, 3]) rebuilt.set(`incident/${id}`, { ...incident(id), origin: 'replay' });
    await turn(8);
    expect(feed.status().parked.deferred).toBe(0);
  });

  it('gives up a load that the source refuses, and does not repeat it', async () => {
    const made = bench(new ScriptedTarget());
    const { feed, parking, brings } = made;
    await feed.start();
    await parking.wishResync(anIncident().key);
    let loads = 0;
    brings.resync = async () => {
      loads += 1;
      throw new PermanentError('Its attachments: not allowed', { code: 'source-refused' });
    };
    await running(made)(4 * 60 * 5);
    expect([loads, feed.status().parked]).toEqual([1, expect.objectContaining({ resync: 0, failed: 1 })]);
  });

  it('makes no storm of a target that asks for the whole incident each time it gets it', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    const { feed, parking, brings } = made;
    await feed.start();
    target.answer = () => ({ status: 'delivered', change: 'updated', resync: true });
    let loads = 0;
    brings.resync = async () => {
      loads += 1;
      await feed.accept(anIncident({ id: `load:${loads}`, origin: 'reload' }));
    };
    await parking.wishResync(anIncident().key);
    const turn = running(made);
    await turn(4 * 3);
    expect(loads).toBeGreaterThan(1);
    await turn(4 * 60 * 10);
    expect(loads).toBeGreaterThan(10 * 2);
    expect(loads).toBeLessThan(10 * 6);
  });
});
