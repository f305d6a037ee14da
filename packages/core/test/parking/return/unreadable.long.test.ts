import { afterEach, describe, expect, it } from '@jest/globals';
import { UnavailableError } from '@soar-feed/core';
import type { FeedEvent, ParkedStore } from '@soar-feed/core';
import { aNote, anIncident, aTask } from '@soar-feed/feed-testkit';
import { retryParked } from '../../../src/parking/byHand.js';
import { ProgramFault } from '../../../src/trouble/ProgramFault.js';
import { makeFeed, ScriptedTarget, settle } from '../../delivery/feedBench.js';

type Made = ReturnType<typeof makeFeed>;

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A feed with a replay; `turn` lets so many looks at the parked rows pass, four per second. */
async function replaying(brings: Partial<Made['brings']> = {}) {
  const target = new ScriptedTarget();
  const made = makeFeed(target);
  const { feed, back, clock, parking, rebuilt, store } = made;
  Object.assign(made.brings, brings);
  await feed.start();
  back.start();
  closing.push(async () => {
    const stopped = Promise.all([back.stop(), feed.stop(0)]);
    for (let turn = 0; turn < 50; turn += 1) await clock.advance(50);
    await stopped;
  });
  const park = async (event: FeedEvent, answer: FeedEvent | Error = event): Promise<void> => {
    rebuilt.set(`${event.key.type}/${event.key.objectId}`, answer);
    await parking.park(event, { state: 'deferred' });
  };
  const turn = async (times = 1): Promise<void> => {
    for (let at = 0; at < times; at += 1) {
      await clock.advance(250);
      await settle();
    }
  };
  const rows = async () => {
    const found = [];
    for await (const { key, why } of store.parked.list({})) found.push([key.type, key.objectId, why.state]);
    return found;
  };
  return { ...made, target, park, turn, rows };
}

const incident = (incidentId: number, more: Parameters<typeof anIncident>[0] = {}): FeedEvent =>
  anIncident({ incidentId, objectId: incidentId, ...more });
const wishOf = (incidentId: number) => incident(incidentId).key;
const forbidden = (): Error =>
  Object.assign(new Error('not for you'), { code: 'forbidden', status: 403, retryable: false });
const broken = (): Error => Object.assign(new Error('oops'), { code: 'server-error', status: 500, retryable: true });

describe('a row that cannot be read again', () => {
  it('fails where the source refuses it, and the rows behind it go on', async () => {
    const { target, store, log, park, turn, rows, feed } = await replaying();
    await park(incident(1, { id: 'refused' }), forbidden());
    await park(incident(2));
    await park(aTask({ incidentId: 1 }));
    await turn(4);
    expect(target.seen).toEqual(['2/incident/2@1', '1/task/310']);
    expect(await rows()).toEqual([['incident', 1, 'failed']]);
    const row = await store.parked.find('test_feed', wishOf(1));
    expect(row?.why).toEqual({ state: 'failed', code: 'forbidden', message: 'not for you', attempts: 1 });
    expect(await store.outcomes.find('test_feed', 'refused')).toMatchObject({ outcome: 'parked', reason: 'failed' });
    expect(feed.status()).toMatchObject({ counts: { failed: 1 }, parked: { failed: 1, deferred: 0 } });
    expect(log.lines.filter(({ fields }) => fields.event === 'parked')).toMatchObject([
      { level: 'warn', fields: { code: 'forbidden', type: 'incident', objectId: 1 } },
    ]);
  });

  it('fails likewise where it waited for its parent', async () => {
    const { target, feed, parking, rebuilt, turn, rows } = await replaying();
    for (const [objectId, answer] of [
      [401, forbidden()],
      [402, aNote({ objectId: 402 })],
    ] as const) {
      await parking.park(aNote({ objectId }), { state: 'waiting', on: anIncident().key });
      rebuilt.set(`note/${objectId}`, answer);
    }
    await feed.accept(anIncident());
    await turn();
    expect(target.seen).toEqual(['2100/incident/2100@1', '2100/note/402']);
    expect(await rows()).toEqual([['note', 401, 'failed']]);
  });

  it('holds up only its own incident, in order, where it may be read later', async () => {
    const { target, rebuilt, park, turn, rows } = await replaying();
    let asked = 0;
    const get = rebuilt.get.bind(rebuilt);
    rebuilt.get = (name) => {
      if (name === 'incident/1') asked += 1;
      return get(name);
    };
    await park(incident(1), broken());
    // More rows than one turn looks at.
    for (let objectId = 1_000; objectId < 1_300; objectId += 1) await park(aTask({ incidentId: 1, objectId }));
    await park(incident(2));
    await turn(240);
    expect(target.seen).toEqual(['2/incident/2@1']);
    expect((await rows()).slice(0, 2)).toEqual([
      ['incident', 1, 'deferred'],
      ['task', 1_000, 'deferred'],
    ]);
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(30);

    rebuilt.set('incident/1', incident(1));
    await turn(500);
    expect(target.seen.slice(0, 3)).toEqual(['2/incident/2@1', '1/incident/1@1', '1/task/1000']);
    expect(await rows()).toEqual([]);
  });

  it('waits like all others, uncharged, while the source is away', async () => {
    const { target, rebuilt, park, turn, rows } = await replaying();
    for (const id of [1, 2]) await park(incident(id), new UnavailableError('refused', { code: 'connection-refused' }));
    await turn(40);
    expect(target.seen).toEqual([]);
    expect((await rows()).map(([, , state]) => state)).toEqual(['deferred', 'deferred']);
    for (const id of [1, 2]) rebuilt.set(`incident/${id}`, incident(id));
    await turn(2);
    expect(target.seen).toEqual(['1/incident/1@1', '2/incident/2@1']);
  });
});

describe('a source that is away', () => {
  it('is spoken of once per outage, and once more when it is over', async () => {
    const { log, rebuilt, park, turn } = await replaying();
    const told = () =>
      log.lines
        .filter(({ level, fields }) => level !== 'debug' && String(fields.event).startsWith('replay.'))
        .map(({ level, fields }) => [level, fields.event, fields.times]);
    await park(incident(1), new UnavailableError('refused', { code: 'connection-refused' }));
    await turn(40);
    expect(told()).toEqual([['warn', 'replay.waits', 1]]);
    rebuilt.set('incident/1', incident(1));
    await turn(4);
    expect(told().slice(1)).toEqual([['info', 'replay.goes-on', 40]]);
    await park(incident(2), new UnavailableError('refused', { code: 'connection-refused' }));
    await turn(2);
    expect(told().slice(2)).toEqual([['warn', 'replay.waits', 1]]);
  });

  it('warns once for one incident that it does not give, however often it is asked for', async () => {
    const { log, park, turn } = await replaying();
    await park(incident(1), broken());
    await turn(240);
    const told = log.lines.filter(({ fields }) => fields.code === 'server-error');
    expect(told.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(told.length).toBeGreaterThan(1);
  });
});

describe('a missing parent that cannot be read', () => {
  it.each([
    ['refused', forbidden],
    ['broken', broken],
  ])('is asked for now and then, and holds up no other and no resync: %s', async (_name, error) => {
    const loaded: number[] = [];
    let asked = 0;
    const discover = async ({ incidentId }: FeedEvent['key']): Promise<FeedEvent> => {
      if (incidentId !== 1) return incident(incidentId, { origin: 'reload' });
      asked += 1;
      throw error();
    };
    const { target, parking, rebuilt, turn, rows } = await replaying({
      discover,
      resync: async (incidentId) => void loaded.push(incidentId),
    });
    for (const incidentId of [1, 2]) {
      const note = aNote({ incidentId, objectId: 400 + incidentId });
      await parking.park(note, { state: 'waiting', on: wishOf(incidentId) });
      rebuilt.set(`note/${note.key.objectId}`, note);
    }
    await parking.wishResync(wishOf(9));
    await turn(240);
    expect(target.seen).toEqual(['2/incident/2@1', '2/note/402']);
    expect(loaded).toEqual([9]);
    expect(await rows()).toEqual([['note', 401, 'waiting']]);
    expect(asked).toBeGreaterThan(1);
    expect(asked).toBeLessThan(30);
  });

  it('is not fetched all the time for an object that cannot be read itself', async () => {
    const { target, parking, rebuilt, turn } = await replaying({
      discover: async () => incident(1, { origin: 'reload' }),
    });
    await parking.park(aNote({ incidentId: 1 }), { state: 'waiting', on: wishOf(1) });
    rebuilt.set('note/420', broken());
    await turn(240);
    expect(target.seen.length).toBeLessThan(20);
    rebuilt.set('note/420', aNote({ incidentId: 1 }));
    await turn(500);
    expect(target.seen.at(-1)).toBe('1/note/420');
  });
});

describe('a bug of ours, met while rows are brought back', () => {
  const bug = (): never => {
    throw new TypeError('x is not a function');
  };
  const whyOf = async ({ store }: { readonly store: { readonly parked: ParkedStore } }) => {
    const found = [];
    for await (const { key, why } of store.parked.list({})) found.push([key.type, why]);
    return found;
  };

  it('fails what waits for the parent that meets it, asks once, and holds up nothing', async () => {
    let asked = 0;
    const discover = async ({ incidentId }: FeedEvent['key']): Promise<FeedEvent> => {
      if (incidentId !== 1) return incident(incidentId, { origin: 'reload' });
      asked += 1;
      return bug();
    };
    const made = await replaying({ discover });
    const { target, parking, rebuilt, turn, log } = made;
    for (const incidentId of [1, 2]) {
      const note = aNote({ incidentId, objectId: 400 + incidentId });
      await parking.park(note, { state: 'waiting', on: wishOf(incidentId) });
      rebuilt.set(`note/${note.key.objectId}`, note);
    }
    await turn(240);
    expect(asked).toBe(1);
    expect(target.seen).toEqual(['2/incident/2@1', '2/note/402']);
    const message = 'incident 1, which it waits for, could not be fetched: x is not a function';
    expect(await whyOf(made)).toEqual([['note', { state: 'failed', code: 'programming-error', message, attempts: 1 }]]);
    expect(log.of('error')).toEqual(['A bug, met while a parked row was brought back: x is not a function']);
    expect(log.lines.filter(({ fields }) => fields.event === 'replay.waits')).toEqual([]);
  });

  it.each<[string, () => never]>([
    ['itself', bug],
    [
      'as the reload reports it',
      () => {
        throw new ProgramFault('Its notes: x is not a function');
      },
    ],
  ])(
    'fails the wish to load an incident whole that meets it %s; put back in line, it is a wish again',
    async (_, strike) => {
      const loaded: number[] = [];
      const made = await replaying({
        resync: async (incidentId) => {
          if (incidentId === 1 && loaded.push(incidentId) === 1) strike();
        },
      });
      const { parking, store, turn } = made;
      await parking.wishResync(wishOf(1));
      await turn(240);
      expect(loaded).toEqual([1]);
      const message = expect.stringMatching(/^The incident could not be loaded whole: .*x is not a function$/);
      expect(await whyOf(made)).toEqual([['*', { state: 'failed', code: 'programming-error', message, attempts: 1 }]]);

      const { touched } = await retryParked(store, { feed: 'test_feed' });
      for (const { key } of touched) await parking.follow(key);
      await turn(4);
      expect(loaded).toEqual([1, 1]);
      expect(await whyOf(made)).toEqual([]);
    },
  );
});

describe('an incident that cannot be loaded whole', () => {
  it('is tried now and then, and keeps no other from it', async () => {
    const loaded: number[] = [];
    const { parking, turn, rows } = await replaying({
      resync: async (incidentId) => {
        loaded.push(incidentId);
        if (incidentId === 1) throw new Error('500');
      },
    });
    for (const incidentId of [1, 2]) await parking.wishResync(wishOf(incidentId));
    await turn(240);
    expect(loaded.filter((id) => id === 2)).toHaveLength(1);
    expect(loaded.filter((id) => id === 1).length).toBeLessThan(30);
    expect(await rows()).toEqual([['*', 1, 'resync']]);
  });
});
