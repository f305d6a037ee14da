import { describe, expect, it } from '@jest/globals';
import { PermanentError, RetryableError, UnavailableError } from '@soar-feed/core';
import type { DeliveryResult, FeedEvent } from '@soar-feed/core';
import { aDelete, aNote, anIncident, aTask } from '@soar-feed/feed-testkit';
import { retryParked } from '../../src/parking/byHand.js';
import { benches, ScriptedTarget, settle } from './feedBench.js';
import type { makeFeed } from './feedBench.js';

type Made = ReturnType<typeof makeFeed>;
const { bench, closing } = benches();

function replaying({ back, clock }: Made) {
  back.start();
  closing.unshift(async () => {
    const stopped = back.stop();
    await clock.advance(1_000);
    await stopped;
  });
  return {
    async turn(times = 1) {
      for (let at = 0; at < times; at += 1) {
        await clock.advance(250);
        await settle();
      }
    },
  };
}

async function park({ parking, rebuilt }: Made, event: FeedEvent): Promise<void> {
  await parking.park(event, { state: 'deferred' });
  rebuilt.set(`${event.key.type}/${event.key.objectId}`, event);
}

const rowsOf = async (made: Made) => {
  const rows = [];
  for await (const row of made.store.parked.list({ feed: 'test_feed' })) rows.push(row);
  return rows;
};

describe('the row of an event that is in a lane', () => {
  it('ends once: what was delivered is not told as superseded as well', async () => {
    const target = new ScriptedTarget();
    const gates: (() => void)[] = [];
    target.answer = () =>
      new Promise((resolve) => gates.push(() => resolve({ status: 'delivered', change: 'created' })));
    const made = bench(target, { spillAfterMs: 10_000 });
    await made.feed.start();
    const event = aTask({ id: 'slow' });
    made.rebuilt.set('task/310', { ...event, origin: 'replay' });
    const { turn } = replaying(made);
    const end = made.feed.accept(event);
    await turn(48); // 12 s
    expect(await end).toMatchObject({ outcome: 'parked' });
    gates.shift()?.();
    await turn(4);
    gates.shift()?.();
    await turn(4);
    expect(await made.store.outcomes.find('test_feed', 'slow')).toMatchObject({ outcome: 'delivered' });
    expect(await made.store.outcomes.totals()).toMatchObject([{ totals: { delivered: 1, superseded: 0 } }]);
  });

  it('leaves no failed row of an event that was delivered', async () => {
    const target = new ScriptedTarget();
    let tries = 0;
    target.answer = () => {
      tries += 1;
      return tries <= 3
        ? new RetryableError('busy', { code: 'busy', retryAfterMs: 20_000 })
        : { status: 'delivered', change: 'created' };
    };
    const made = bench(target, { spillAfterMs: 30_000, maxAttempts: 3 });
    await made.feed.start();
    const event = aTask({ id: 'slow' });
    made.rebuilt.set('task/310', { ...event, origin: 'replay' });
    const { turn } = replaying(made);
    void made.feed.accept(event);
    await turn(240); // a minute: freed after 30 s, third failure at 40 s
    expect(tries).toBeGreaterThanOrEqual(3);
    const rows = await rowsOf(made);
    const outcome = await made.store.outcomes.find('test_feed', 'slow');
    // Either given up after three tries and failed, or delivered without a row: never both.
    expect([tries, outcome?.outcome, rows.map(({ why }) => why.state)]).toEqual([3, 'parked', ['failed']]);
  });

  it('does not take back the doubt that came while its event was with the target', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    await made.feed.start();
    const old = aNote({ id: 'old', payload: { text: 'as it was', modify_date: 2_000 } });
    await park(made, old);
    const { turn } = replaying(made);
    let answer: (waiting: DeliveryResult) => void = () => undefined;
    target.answer = () => new Promise((resolve) => (answer = resolve));
    await turn(2);
    expect(target.seen).toEqual(['2100/note/420']);
    // The source's clock was set back: its delete left a frame with an older date.
    await made.feed.accept(aNote({ id: 'frame', payload: { text: '', is_deleted: true, modify_date: 1_000 } }));
    answer({ status: 'waiting', on: aTask().key });
    await settle();
    const row = await made.parking.find(old.key);
    expect(row).toMatchObject({ eventId: 'old', why: { state: 'deferred' } });
    expect(row).not.toHaveProperty('payload');
    expect(await made.store.outcomes.find('test_feed', 'old')).toMatchObject({ outcome: 'parked' });
  });

  it('does not hand the same event twice in one batch', async () => {
    const target = new ScriptedTarget({ deletes: 'apply', content: false, batch: { maxEvents: 4, maxWaitMs: 10 } });
    const batches: string[][] = [];
    let ready = false;
    target.deliverBatch = async (events) => {
      batches.push(events.map(({ id }) => id));
      return events.map(() =>
        ready
          ? { status: 'delivered' as const, change: 'created' as const }
          : { status: 'failed' as const, error: new RetryableError('busy', { code: 'busy', retryAfterMs: 20_000 }) },
      );
    };
    const made = bench(target, { spillAfterMs: 10_000, maxAttempts: 9 });
    await made.feed.start();
    const event = aTask({ id: 'slow' });
    made.rebuilt.set('task/310', { ...event, origin: 'replay' });
    const { turn } = replaying(made);
    void made.feed.accept(event);
    await turn(60); // 15 s
    ready = true;
    await turn(60);
    expect(batches).toEqual([['slow'], ['slow']]);
  });

  it('is delivered once at a time and leaves no failed row', async () => {
    const target = new ScriptedTarget();
    const gates: ((answer: unknown) => void)[] = [];
    target.answer = () => new Promise((resolve) => gates.push(resolve as never));
    const made = bench(target);
    await made.feed.start();
    const first = made.feed.accept(anIncident());
    const task = aTask({ id: 'task' });
    made.rebuilt.set('task/310', { ...task, origin: 'replay' });
    const second = made.feed.accept(task);
    await settle();
    const { parked } = made.store;
    const park = parked.park.bind(parked);
    let store: () => void = () => undefined;
    parked.park = async (feed, event, why) => {
      if (event.id === 'task') await new Promise<void>((resolve) => (store = resolve));
      return park(feed, event, why);
    };
    const spilling = made.feed as unknown as {
      ages: { spill(entries: unknown[]): Promise<void> };
      lanes: { entries(): Iterable<unknown> };
    };
    const spilled = spilling.ages.spill([...spilling.lanes.entries()].slice(1));
    await settle();
    gates.shift()?.({ status: 'delivered', change: 'created' });
    await first;
    await settle();
    parked.park = park;
    store();
    await spilled;
    expect(await second).toMatchObject({ outcome: 'parked' });
    expect(target.seen).toEqual(['2100/incident/2100@1', '2100/task/310']); // handed over although it is being parked
    gates.shift()?.({ status: 'delivered', change: 'created' });
    await settle();
    expect(await rowsOf(made)).toEqual([]);
  });

  it('ends once in the log and the totals, also when its row was in the lane', async () => {
    const made = bench(new ScriptedTarget());
    await made.feed.start();
    const incident = anIncident();
    const note = aNote({ id: 'note' });
    await park(made, aDelete(incident));
    await park(made, note);
    for (const row of await made.parking.deferred()) await made.back.bring(row);
    await settle();
    expect(await made.store.outcomes.find('test_feed', 'note')).toMatchObject({ outcome: 'skipped' });
    expect(await made.store.outcomes.totals()).toMatchObject([{ totals: { skipped: 1, superseded: 0 } }]);
  });

  it('keeps a row that is parked while the rows of its incident are listed after a delete', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    await made.feed.start();
    const task = aTask();
    await made.parking.park(aNote({ parent: task.key, objectId: 401 }), {
      state: 'failed',
      code: 'x',
      message: 'x',
      attempts: 3,
    });
    // The list reads what is committed now, but answers a little later, as any database does.
    const { parked } = made.store;
    const list = parked.list.bind(parked);
    let answer: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => (answer = resolve));
    let listing = false;
    parked.list = async function* (filter) {
      const rows = [];
      for await (const row of list(filter)) rows.push(row);
      if (filter.incidentId !== undefined && !listing) {
        listing = true;
        await answered;
      }
      yield* rows;
    };
    const deleted = made.feed.accept(aDelete(task));
    await settle();
    expect(listing).toBe(true);
    await made.feed.makeWay(); // the feed lags: what comes now is parked
    const live = aTask({ objectId: 311, id: 'live' });
    made.rebuilt.set('task/311', live);
    expect(await made.feed.accept(live)).toMatchObject({ outcome: 'parked' });
    answer();
    await deleted;
    await settle();
    const [row] = await made.store.parked.takeDeferred('test_feed', 10);
    if (row !== undefined) await made.back.bring(row);
    await settle();
    expect(target.seen).toEqual(['delete 2100/task/310', '2100/task/311']);
    expect(await made.store.outcomes.find('test_feed', 'live')).toMatchObject({ outcome: 'delivered' });
  });
});

it('a row that a person decided about brings the decision, also after its target was down in between', async () => {
  const target = new ScriptedTarget();
  const decisions: unknown[] = [];
  const answers: Error[] = [
    new PermanentError('two of that name', { code: 'undecided' }),
    new UnavailableError('away', { code: 'away' }),
  ];
  target.answer = ({ decided }) => {
    decisions.push(decided);
    return answers.shift() ?? { status: 'delivered', change: 'created' };
  };
  const made = bench(target);
  await made.feed.start();
  const event = aTask();
  made.rebuilt.set('task/310', event);
  await made.feed.accept(event);
  const { turn } = replaying(made);
  await retryParked(made.store, { state: 'undecided' });
  await made.parking.follow(event.key);
  await turn(240);
  expect(decisions).toEqual([undefined, true, true]);
  expect(await rowsOf(made)).toEqual([]);
});
