import { describe, expect, it } from '@jest/globals';
import { PermanentError, RetryableError, StoppingError, UnavailableError } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import { aDelete, anArtifact, aNote, anIncident, aTask, fakeClock } from '@soar-feed/feed-testkit';
import { benches, nameOf, parkedOf, ScriptedTarget, settle, stuckAtFirst } from './feedBench.js';

const { bench } = benches();

describe('Feed', () => {
  it('keeps the order within an incident and serves incidents beside each other, up to its concurrency', async () => {
    const target = new ScriptedTarget();
    const gates: (() => void)[] = [];
    target.answer = () =>
      new Promise((resolve) => gates.push(() => resolve({ status: 'delivered', change: 'created' })));
    const { feed } = bench(target, { concurrency: 3 });
    await feed.start();
    const ends = [1, 2, 3, 4, 5].flatMap((incidentId) => [
      feed.accept(anIncident({ incidentId })),
      feed.accept(aTask({ incidentId, objectId: incidentId * 10 })),
    ]);
    await settle();
    expect(target.seen).toEqual(['1/incident/1@1', '2/incident/2@1', '3/incident/3@1']);
    while (gates.length > 0) {
      gates.shift()?.();
      await settle();
    }
    await Promise.all(ends);
    expect(target.most).toBe(3);
    for (const incidentId of [1, 2, 3, 4, 5]) {
      const own = target.seen.filter((name) => name.startsWith(`${incidentId}/`));
      expect(own).toEqual([`${incidentId}/incident/${incidentId}@1`, `${incidentId}/task/${incidentId * 10}`]);
    }
  });

  it('serves further incidents while deliveries wait aside, so that a slow commit leaves no slot idle, but not without end', async () => {
    const target = new ScriptedTarget();
    let commit = (): void => undefined;
    const committed = new Promise<void>((resolve) => (commit = resolve));
    target.answer = async (_event, { aside }) => {
      await aside?.(committed);
      return { status: 'delivered', change: 'created' };
    };
    const { feed } = bench(target, { concurrency: 2 });
    await feed.start();
    const ends = Array.from({ length: 12 }, (_, at) => feed.accept(anIncident({ incidentId: at + 1 })));
    await settle();
    // All that wait aside, and as many as may be under way without any of them.
    expect(target.most).toBe(7);
    commit();
    expect(await Promise.all(ends)).toHaveLength(12);
    expect(target.seen).toHaveLength(12);
  });

  it('tries again after a pause, keeps the lane’s place, and gives up into a failed row with code and cause', async () => {
    const target = new ScriptedTarget();
    target.answer = (event) =>
      event.key.type === 'task'
        ? new RetryableError('busy', { code: 'busy' })
        : { status: 'delivered', change: 'created' };
    const made = bench(target);
    await made.feed.start();
    const task = made.feed.accept(aTask());
    const after = made.feed.accept(anIncident());
    const other = made.feed.accept(anIncident({ incidentId: 7 }));
    await settle();
    // Another incident does not wait for the resting lane; the lane's own events do.
    expect((await other).outcome).toBe('delivered');
    expect([...target.seen].sort()).toEqual(['2100/task/310', '7/incident/7@1']);
    for (let turn = 0; turn < 10; turn += 1) await made.clock.advance(5_000);
    expect(await task).toMatchObject({ outcome: 'parked', failed: true, reason: 'busy: busy' });
    expect((await after).outcome).toBe('delivered');
    expect(target.seen.filter((name) => name === '2100/task/310')).toHaveLength(3);
    expect(await parkedOf(made)).toMatchObject([
      { why: { state: 'failed', code: 'busy', message: 'busy', attempts: 3 } },
    ]);
  });

  it('never tries a permanent or a programming error again', async () => {
    const target = new ScriptedTarget();
    target.answer = (event) =>
      event.key.type === 'task' ? new PermanentError('no', { code: 'refused' }) : new TypeError('x is not a function');
    const made = bench(target);
    await made.feed.start();
    expect(await made.feed.accept(aTask())).toMatchObject({ outcome: 'parked', failed: true });
    expect(await made.feed.accept(aNote())).toMatchObject({ outcome: 'parked', failed: true });
    expect(target.seen).toEqual(['2100/task/310', '2100/note/420']);
    expect(made.log.of('error')).toEqual(['A bug in the target: x is not a function']);
  });

  it('pauses while the target is away, charges no attempt, opens it again and goes on in order', async () => {
    const target = new ScriptedTarget();
    let away = true;
    target.onOpen = () => {
      if (away && target.openings > 1) throw new UnavailableError('still away', { code: 'away' });
    };
    target.answer = (_event, { attempt }) =>
      away
        ? new UnavailableError('away', { code: 'away' })
        : { status: 'delivered', change: 'created', ref: String(attempt) };
    const made = bench(target, { maxAttempts: 1 });
    await made.feed.start();
    const first = made.feed.accept(anIncident());
    const second = made.feed.accept(aTask());
    await settle();
    expect(made.feed.status()).toMatchObject({ state: 'down', problem: 'away', queued: 2 });
    away = false;
    for (let turn = 0; turn < 10; turn += 1) await made.clock.advance(1_000);
    expect((await first).outcome).toBe('delivered');
    expect((await second).outcome).toBe('delivered');
    expect(target.seen).toEqual(['2100/incident/2100@1', '2100/incident/2100@1', '2100/task/310']);
  });

  it('believes a 403 only when the target is healthy otherwise', async () => {
    const target = new ScriptedTarget();
    const forbidden = Object.assign(new PermanentError('forbidden', { code: 'http-403' }), { status: 403 });
    target.answer = () => forbidden;
    const made = bench(target);
    await made.feed.start();
    expect(await made.feed.accept(aTask())).toMatchObject({ failed: true });
    target.healthState = 'down';
    void made.feed.accept(aNote()).catch(() => undefined);
    await settle();
    expect(made.feed.status()).toMatchObject({ state: 'down', queued: 1 });
  });

  it('gives up on no object while nothing gets through to its feed', async () => {
    const target = new ScriptedTarget();
    let broken = true;
    target.answer = () =>
      broken
        ? new RetryableError('connection lost', { code: 'connection-lost' })
        : { status: 'delivered', change: 'created' };
    target.healthState = 'down';
    target.onOpen = () => {
      if (target.openings > 1 && broken) throw new UnavailableError('still away', { code: 'away' });
    };
    const made = bench(target, { maxAttempts: 3, spillAfterMs: 3_600_000 });
    await made.feed.start();
    const task = made.feed.accept(aTask());
    for (let turn = 0; turn < 10; turn += 1) await made.clock.advance(1_000);
    expect(target.seen).toHaveLength(3);
    expect(made.feed.status()).toMatchObject({ state: 'down', queued: 1, counts: { failed: 0 } });
    broken = false;
    target.healthState = 'up';
    for (let turn = 0; turn < 70; turn += 1) await made.clock.advance(1_000);
    expect(made.feed.status()).toMatchObject({ state: 'up', queued: 0, counts: { failed: 0 } });
    expect((await task).outcome).not.toBe('skipped');
    expect(target.seen).toHaveLength(4);
  });

  it('parks what waits for its parent and brings it back, in order, once the parent was delivered', async () => {
    const target = new ScriptedTarget();
    const mapped = new Set<string>();
    const parentOf = (event: FeedEvent) =>
      event.parent === undefined ? undefined : `${event.parent.type}/${event.parent.objectId}`;
    target.answer = (event) => {
      const parent = parentOf(event);
      if (parent !== undefined && event.parent !== undefined && !mapped.has(parent))
        return { status: 'waiting', on: event.parent };
      mapped.add(`${event.key.type}/${event.key.objectId}`);
      return { status: 'delivered', change: 'created' };
    };
    const made = bench(target);
    const children = [aTask(), aNote(), aNote({ objectId: 421 })];
    for (const child of children) made.rebuilt.set(`${child.key.type}/${child.key.objectId}`, child);
    await made.feed.start();
    for (const child of children)
      expect(await made.feed.accept(child)).toMatchObject({ outcome: 'parked', reason: 'waiting for incident 2100' });
    target.seen.length = 0;
    expect((await made.feed.accept(anIncident())).outcome).toBe('delivered');
    await settle(60);
    expect(target.seen).toEqual(['2100/incident/2100@1', '2100/task/310', '2100/note/420', '2100/note/421']);
    expect(await parkedOf(made)).toEqual([]);
    expect(made.feed.status().parked.waiting).toBe(0);
  });

  it('lets nothing overtake a parked row: a newer event replaces it and is delivered alone', async () => {
    const target = new ScriptedTarget();
    target.answer = () => new PermanentError('no', { code: 'refused' });
    const made = bench(target);
    await made.feed.start();
    await made.feed.accept(anIncident({ payload: { vers: 1 } }));
    target.answer = () => ({ status: 'delivered', change: 'updated' });
    const newer = anIncident({ payload: { vers: 2 }, observedAtMs: 1_700_000_100_000 });
    expect(await made.feed.accept(newer)).toMatchObject({ outcome: 'parked', reason: 'the feed lags or is down' });
    expect(target.seen).toEqual(['2100/incident/2100@1']);
    const [row] = await made.parking.deferred();
    expect(row).toMatchObject({ payload: { vers: 2 } });
    made.rebuilt.set('incident/2100', newer);
    if (row !== undefined) await made.back.bring(row);
    await settle();
    expect(target.seen).toEqual(['2100/incident/2100@1', '2100/incident/2100@2']);
    expect(await parkedOf(made)).toEqual([]);
  });

  it('ends an older snapshot as superseded, and whatever still speaks of a deleted object', async () => {
    const target = new ScriptedTarget();
    const { feed } = bench(target);
    await feed.start();
    await feed.accept(anIncident({ payload: { vers: 5 } }));
    expect(await feed.accept(anIncident({ payload: { vers: 4 } }))).toMatchObject({ outcome: 'superseded' });
    expect(await feed.accept(aDelete(anIncident({ payload: { vers: 5 } })))).toMatchObject({ outcome: 'delivered' });
    expect(await feed.accept(anIncident({ payload: { vers: 6 } }))).toMatchObject({ outcome: 'superseded' });
    expect(target.seen).toEqual(['2100/incident/2100@5', 'delete 2100/incident/2100']);
  });

  it('reads a task again when a reload’s snapshot may be older than what the queue brought', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    await made.feed.start();
    await made.feed.accept(aTask({ observedAtMs: made.clock.now() }));
    const stale = aTask({ origin: 'reload', observedAtMs: made.clock.now() + 1_000, payload: { name: 'stale' } });
    made.reread.answer = aTask({
      origin: 'reload',
      observedAtMs: made.clock.now() + 2_000,
      payload: { name: 'as it is' },
    });
    let delivered: unknown;
    target.answer = (event) => {
      delivered = event.payload.name;
      return { status: 'delivered', change: 'updated' };
    };
    await made.feed.accept(stale, { requestedAtMs: made.clock.now() + 1_000 });
    expect(made.reread.asked).toBe(1);
    expect(delivered).toBe('as it is');
  });

  it('does so, too, when the source’s clock was measured better between the two', async () => {
    const target = new ScriptedTarget();
    const clock = fakeClock();
    const server = { measured: true, offsetMs: -430, uncertaintyMs: 470, serverNow: () => clock.now() };
    const made = bench(target, {}, clock, undefined, server);
    await made.feed.start();
    await made.feed.accept(anArtifact({ payload: { last_modified_time: 5 }, observedAtMs: clock.now() }));
    Object.assign(server, { offsetMs: 0, uncertaintyMs: 7 });
    // Its date is later, because the source's clock was set back after it.
    const stale = { origin: 'reload', observedAtMs: clock.now() - 200, payload: { last_modified_time: 9 } } as const;
    await made.feed.accept(anArtifact(stale));
    expect(made.reread.asked).toBe(1);
  });

  it('parks what grows old behind a slow target and frees whoever brought it, losing nothing', async () => {
    const target = new ScriptedTarget();
    const gates: (() => void)[] = [];
    target.answer = () =>
      new Promise((resolve) => gates.push(() => resolve({ status: 'delivered', change: 'created' })));
    const made = bench(target, { concurrency: 1, spillAfterMs: 10_000 });
    await made.feed.start();
    const slow = made.feed.accept(anIncident({ incidentId: 1 }));
    const behind = made.feed.accept(anIncident({ incidentId: 2 }));
    await settle();
    for (let turn = 0; turn < 13; turn += 1) await made.clock.advance(1_000);
    expect(await slow).toMatchObject({ outcome: 'parked' });
    expect(await behind).toMatchObject({ outcome: 'parked' });
    expect(await made.feed.accept(anIncident({ incidentId: 3 }))).toMatchObject({ outcome: 'parked' });
    expect(made.log.of('warn')).toContain('The feed lags: new events are parked until it has caught up.');
    // The delivery under way removes its own row when it succeeds.
    gates.shift()?.();
    await settle();
    expect((await parkedOf(made)).map((row) => row.key.incidentId)).toEqual([2, 3]);
  });

  it('leaves the row of a newer event alone when an older one under way grows old', async () => {
    const target = new ScriptedTarget();
    const gates: (() => void)[] = [];
    target.answer = () =>
      new Promise((resolve) => gates.push(() => resolve({ status: 'delivered', change: 'created' })));
    const made = bench(target, { concurrency: 1, spillAfterMs: 10_000 });
    await made.feed.start();
    const older = made.feed.accept({ ...aTask({ observedAtMs: 1_000, id: 'older' }), origin: 'reload' });
    const newer = made.feed.accept(aTask({ observedAtMs: 2_000, id: 'newer' }));
    await settle();
    await made.feed.makeWay();
    expect(await newer).toMatchObject({ outcome: 'parked' });
    for (let turn = 0; turn < 13; turn += 1) await made.clock.advance(1_000);
    expect(await older).toMatchObject({ outcome: 'parked' });
    expect(made.feed.status().counts.parked).toBe(2);
    gates.shift()?.();
    await settle();
    expect((await parkedOf(made)).map((row) => row.eventId)).toEqual(['newer']);
    expect(await made.store.outcomes.find('test_feed', 'newer')).toMatchObject({ outcome: 'parked' });
  });

  it('makes way: what messages wait for gets rows in order, further events too, until all of it is delivered', async () => {
    const target = new ScriptedTarget();
    const gates: (() => void)[] = [];
    target.answer = () =>
      new Promise((resolve) => gates.push(() => resolve({ status: 'delivered', change: 'created' })));
    const made = bench(target, { concurrency: 1 });
    await made.feed.start();
    const reloaded = made.feed.accept({ ...anIncident({ incidentId: 9 }), origin: 'reload' });
    const waiting = [1, 2].flatMap((incidentId) => [
      made.feed.accept(anIncident({ incidentId })),
      made.feed.accept(aTask({ incidentId, objectId: incidentId * 10 })),
    ]);
    await settle();
    await made.clock.advance(300);
    expect(made.feed.held()).toEqual({ messages: 4, oldestMs: 300 });
    await made.feed.makeWay();
    for (const ended of await Promise.all(waiting)) expect(ended.outcome).toBe('parked');
    expect(made.feed.held()).toEqual({ messages: 0, oldestMs: 0 });
    expect(await made.feed.accept(aTask({ incidentId: 2, objectId: 21 }))).toMatchObject({ outcome: 'parked' });
    const ofSecond = (await parkedOf(made)).filter(({ key }) => key.incidentId === 2);
    expect(ofSecond.map(({ key }) => key.objectId)).toEqual([2, 20, 21]);
    // No message waits for what a reload brought: it keeps its place.
    gates.shift()?.();
    expect((await reloaded).outcome).toBe('delivered');
  });

  it('parks what comes behind what its incident has in memory, never before it', async () => {
    const target = stuckAtFirst();
    const made = bench(target, { concurrency: 1, spillAfterMs: 10_000 });
    await made.feed.start();
    void made.feed.accept(anIncident({ incidentId: 1 }));
    void made.feed.accept(anIncident({ incidentId: 2 }));
    for (let turn = 0; turn < 8; turn += 1) await made.clock.advance(1_000);
    const young = made.feed.accept(aTask({ incidentId: 2, objectId: 20 }));
    for (let turn = 0; turn < 4; turn += 1) await made.clock.advance(1_000);
    expect(made.feed.lagging).toBe(true);
    const newest = made.feed.accept(aTask({ incidentId: 2, objectId: 21 }));
    expect([(await young).outcome, (await newest).outcome]).toEqual(['parked', 'parked']);
    const ofSecond = (await parkedOf(made)).filter(({ key }) => key.incidentId === 2);
    expect(ofSecond.map(({ key }) => key.objectId)).toEqual([2, 20, 21]);
  });

  it('sends the head runs of lanes together to a target that batches, and ends each event by its own outcome', async () => {
    const target = new ScriptedTarget({ deletes: 'apply', content: false, batch: { maxEvents: 4, maxWaitMs: 200 } });
    target.answer = (event) =>
      event.key.objectId === 2
        ? new PermanentError('no', { code: 'refused' })
        : { status: 'delivered', change: 'created' };
    const made = bench(target);
    await made.feed.start();
    const ends = [1, 2, 3].map((incidentId) => made.feed.accept(anIncident({ incidentId })));
    await settle();
    expect(target.batches).toEqual([]);
    await made.clock.advance(200);
    expect((await Promise.all(ends)).map((end) => end.outcome)).toEqual(['delivered', 'parked', 'delivered']);
    const more = [4, 5, 6, 7].map((incidentId) => made.feed.accept(anIncident({ incidentId })));
    await Promise.all(more);
    expect(target.batches).toEqual([3, 4]);
  });

  it('counts a target that does not answer in time as retryable', async () => {
    const target = new ScriptedTarget();
    target.answer = () => new Promise(() => undefined);
    const made = bench(target, { deliverTimeoutMs: 20, maxAttempts: 1 });
    await made.feed.start();
    expect(await made.feed.accept(anIncident())).toMatchObject({
      outcome: 'parked',
      failed: true,
      reason: expect.stringMatching('deliver_timeout'),
    });
  });

  it('parks what is left at the end of the grace and takes nothing more', async () => {
    const target = new ScriptedTarget();
    target.answer = () => new Promise(() => undefined);
    const made = bench(target);
    await made.feed.start();
    const ends = [made.feed.accept(anIncident()), made.feed.accept(aTask())];
    await settle();
    const stopped = made.feed.stop(100);
    for (let turn = 0; turn < 10; turn += 1) await made.clock.advance(50);
    await stopped;
    expect((await Promise.all(ends)).map((end) => end.outcome)).toEqual(['parked', 'parked']);
    expect((await parkedOf(made)).map((row) => nameOf({ ...row, payload: {} } as unknown as FeedEvent))).toEqual([
      '2100/incident/2100',
      '2100/task/310',
    ]);
    await expect(made.feed.accept(anIncident())).rejects.toBeInstanceOf(StoppingError);
  });

  describe('what a target commits after its delivery', () => {
    const delivered = { status: 'delivered', change: 'created' } as const;

    it('holds up the end of the event, not its lane; snapshots are judged as if it were there', async () => {
      const target = new ScriptedTarget();
      let commit = (): void => undefined;
      const committed = new Promise<void>((resolve) => (commit = resolve));
      target.answer = (event) => (event.payload.vers === 2 ? { ...delivered, committed } : delivered);
      const made = bench(target);
      await made.feed.start();
      let ended = false;
      const first = made.feed.accept(anIncident({ payload: { vers: 2 } })).finally(() => (ended = true));
      const task = made.feed.accept(aTask());
      expect(await made.feed.accept(anIncident({ payload: { vers: 1 } }))).toMatchObject({ outcome: 'superseded' });
      expect(await task).toMatchObject({ outcome: 'delivered' });
      await settle();
      expect(ended).toBe(false);
      expect(await made.store.settlements.last('test_feed', anIncident().key)).not.toMatchObject({
        outcome: 'delivered',
      });
      expect(made.feed.restless).toBe(true);
      commit();
      expect(await first).toMatchObject({ outcome: 'delivered' });
      expect(target.seen).toEqual(['2100/incident/2100@2', '2100/task/310']);
    });

    it('brings the event again when it fails: after an opening anew where the target is in trouble', async () => {
      const target = new ScriptedTarget();
      target.answer = () => ({
        ...delivered,
        committed: Promise.reject(new UnavailableError('disk full', { code: 'store-full' })),
      });
      const made = bench(target);
      await made.feed.start();
      const event = anIncident();
      expect(await made.feed.accept(event)).toMatchObject({ outcome: 'parked' });
      expect(await made.store.settlements.last('test_feed', event.key)).toBeUndefined();
      expect(made.feed.status()).toMatchObject({ state: 'down', problem: 'disk full', parked: { deferred: 1 } });
      target.answer = () => delivered;
      for (let turn = 0; turn < 10; turn += 1) await made.clock.advance(1_000);
      made.rebuilt.set('incident/2100', event);
      for (const row of await made.parking.deferred()) await made.back.bring(row);
      await settle();
      expect(target.openings).toBe(2);
      expect(await parkedOf(made)).toEqual([]);
      expect(await made.store.settlements.last('test_feed', event.key)).toMatchObject({ outcome: 'delivered' });
    });

    it('parks the event as failed when it alone cannot be kept', async () => {
      const target = new ScriptedTarget();
      target.answer = () => ({
        ...delivered,
        committed: Promise.reject(new RetryableError('no such column', { code: 'store-failed' })),
      });
      const made = bench(target);
      await made.feed.start();
      expect(await made.feed.accept(anIncident())).toMatchObject({ outcome: 'parked', failed: true });
      expect(made.feed.status()).toMatchObject({ state: 'up', parked: { failed: 1 } });
    });
  });

  it('parks as undecided what may be at the destination already', async () => {
    const target = new ScriptedTarget();
    target.answer = () => new PermanentError('two of that name', { code: 'undecided' });
    const made = bench(target);
    await made.feed.start();
    expect(await made.feed.accept(anIncident())).toMatchObject({ outcome: 'parked', reason: 'two of that name' });
    expect(await parkedOf(made)).toMatchObject([{ why: { state: 'undecided', message: 'two of that name' } }]);
    expect(made.feed.status().parked.undecided).toBe(1);
    expect(made.log.of('warn')).toEqual(['Parked as undecided: two of that name']);
  });

  it('keeps a wish to load an incident whole, of a delivery or of an opening, and shows it at once', async () => {
    const target = new ScriptedTarget();
    target.onOpen = ({ resync }) => resync?.(anIncident({ incidentId: 8 }).key);
    target.answer = () => ({ status: 'delivered', change: 'created', resync: true });
    const made = bench(target);
    await made.feed.start();
    expect(made.feed.status().parked.resync).toBe(1);
    await made.feed.accept(anIncident());
    await settle();
    expect((await made.parking.resyncs()).map(({ key }) => [key.type, key.incidentId])).toEqual([
      ['*', 8],
      ['*', 2100],
    ]);
    expect(made.feed.status().parked.resync).toBe(2);
    // The incident itself was not applied by the wish.
    expect(await made.store.settlements.last('test_feed', anIncident({ incidentId: 8 }).key)).toMatchObject({
      outcome: 'superseded',
      deleted: false,
    });
  });

  it('loads an incident whole that was moved into its workspaces; not a new one, nor where it gets all of them', async () => {
    const DAY = 86_400_000;
    const aged = (incidentId: number, ageMs: number): FeedEvent => {
      const event = anIncident({ incidentId });
      return { ...event, payload: { ...event.payload, create_date: event.observedAtMs - ageMs } };
    };
    const made = bench(new ScriptedTarget(), { routed: true });
    await made.feed.start();
    await made.feed.accept(aged(1, DAY));
    await made.feed.accept(aged(2, 1_000));
    const found = (incidentId: number, changedMs: number): FeedEvent => {
      const event = aged(incidentId, DAY);
      const date = event.observedAtMs - changedMs;
      return { ...event, origin: 'reload', payload: { ...event.payload, inc_last_modified_date: date } };
    };
    await made.feed.accept(found(3, DAY));
    // The search of the reload may not show yet what was written in it just before.
    await made.feed.accept(found(6, 1_000));
    // Moved by a rule right after it was made.
    await made.feed.accept(aged(4, 2_000), { modified: true });
    // The same, after it was parked.
    const parked = aged(5, 2_000);
    await made.feed.accept({ ...parked, payload: { ...parked.payload, vers: 2 } });
    const later = aged(2, DAY);
    await made.feed.accept({ ...later, payload: { ...later.payload, vers: 99 } });
    await settle();
    expect((await made.parking.resyncs()).map(({ key }) => key.incidentId)).toEqual([1, 6, 4, 5]);
    const open = bench(new ScriptedTarget());
    await open.feed.start();
    await open.feed.accept(aged(1, DAY));
    expect(await open.parking.resyncs()).toEqual([]);
  });
});
