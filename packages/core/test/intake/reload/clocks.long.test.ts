import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent, ObjectKey, SoarObject } from '@soar-feed/core';
import { makeEngine, startSource, until } from './reloadBench.js';
import type { Engine, Source } from './reloadBench.js';

jest.setTimeout(60_000);

const MINUTE_MS = 60_000;
/** None of them has a version: only time shows which snapshot is newer. */
const TYPES = ['task', 'milestone', 'attachment'] as const;
const OFFSETS = [20, -20];

let source: Source;
let engine: Engine;
/** Names of the deliveries, in order. */
let told: unknown[];

beforeEach(async () => {
  source = await startSource();
});
afterEach(async () => {
  await engine.stop();
  await source.stop();
});

async function world(type: (typeof TYPES)[number], minutes: number) {
  const { org, catalog, client } = source;
  org.clockOffsetMs = minutes * MINUTE_MS;
  await client.types.all(); // an answer tells the time
  engine = await makeEngine(source, { settings: { reload_query_api_method: 'true' } });
  const [feed] = engine.feeds;
  const [rows] = engine.rows;
  const target = engine.targets.get('one');
  if (feed === undefined || rows === undefined || target === undefined) throw new Error('no feed');
  const { parking, back } = rows;
  const incidentId = org.createIncident({ name: 'One', discovered_date: 1_763_000_000_000 }).id;
  const made = {
    task: () => org.createTask(incidentId, { name: 'Old', phase_id: 'Initial' }),
    milestone: () => org.addMilestone(incidentId, { title: 'Old', date: 1_763_000_000_000 }),
    attachment: () => org.addAttachment({ incidentId }, { name: 'Old', content: Buffer.from('x') }),
  }[type]();
  told = [];
  target.answer = ({ key, payload }) => {
    if (key.type === type) told.push(payload['name'] ?? payload['title']);
    return { status: 'delivered', change: 'updated' };
  };
  const key: ObjectKey = { orgId: org.id, incidentId, type, objectId: made.id };
  const schema = await catalog.named(type);
  if (schema === undefined) throw new Error(`no type ${type}`);
  return {
    feed,
    parking,
    /** As an analyst changes it there; an attachment cannot be changed, so the platform's own answer is altered. */
    change(): void {
      if (type === 'task') org.updateTask(made.id, { name: 'New' });
      else if (type === 'milestone') org.updateMilestone(made.id, { title: 'New' });
      else {
        const get = client.attachments.get.bind(client.attachments);
        jest.spyOn(client.attachments, 'get').mockImplementation(async (...args) => ({
          ...(await get(...args)),
          name: 'New',
        }));
      }
    },
    /** What the rules send now: the object as it is, by the source's clock. */
    message(name: 'Old' | 'New'): FeedEvent {
      const payload: SoarObject = { ...made, [type === 'milestone' ? 'title' : 'name']: name };
      const observedAtMs = Date.now() + org.clockOffsetMs;
      const facts = { operation: 'upsert', schema, payload, objectId: made.id, incidentId, workspace: '' } as const;
      return engine.events.make({ id: `message ${name}`, origin: 'queue', observedAtMs, ...facts });
    },
    async reading(): Promise<FeedEvent> {
      const event = await engine.source.discover(key, '', undefined);
      if (event === undefined) throw new Error('gone');
      return event;
    },
    async replayed(): Promise<void> {
      back.start();
      await until(() => parking.index.size === 0, 'nothing stands parked').finally(() => back.stop());
    },
  };
}

const cases = TYPES.flatMap((type) => OFFSETS.map((minutes) => [type, minutes] as const));

describe.each(cases)('a %s of a source whose clock is off by %i minutes: the newer snapshot wins', (type, minutes) => {
  it('the reading, after a message', async () => {
    const { feed, change, message, reading } = await world(type, minutes);
    await feed.accept(message('Old'));
    change();
    const read = await reading();
    await feed.accept(read, { requestedAtMs: read.observedAtMs });
    expect(told).toEqual(['Old', 'New']);
  });

  it('the reading, before a late message', async () => {
    const { feed, change, message, reading } = await world(type, minutes);
    const late = message('Old');
    change();
    const read = await reading();
    await feed.accept(read, { requestedAtMs: read.observedAtMs });
    await feed.accept(late);
    expect(told[0]).toBe('New');
    expect(told.at(-1)).toBe('New');
  });

  it('the message, after a reading', async () => {
    const { feed, change, message, reading } = await world(type, minutes);
    const read = await reading();
    await feed.accept(read, { requestedAtMs: read.observedAtMs });
    change();
    await feed.accept(message('New'));
    expect(told).toEqual(['Old', 'New']);
  });

  it('the message, before an old reading', async () => {
    const { feed, change, message, reading } = await world(type, minutes);
    const read = await reading();
    change();
    await feed.accept(message('New'));
    await feed.accept(read, { requestedAtMs: read.observedAtMs });
    expect(new Set(told)).toEqual(new Set(['New']));
  });

  it.each(['message', 'reading'] as const)('parked, the %s first and the newer', async (first) => {
    const { parking, feed, change, message, reading, replayed } = await world(type, minutes);
    const old = first === 'message' ? await reading() : message('Old');
    change();
    const newer = first === 'message' ? message('New') : await reading();
    await parking.park(newer, { state: 'deferred' });
    await feed.accept(old);
    await replayed();
    expect(told.at(-1)).toBe('New');
  });

  it.each(['message', 'reading'] as const)('parked, the %s first and the older', async (first) => {
    const { parking, feed, change, message, reading, replayed } = await world(type, minutes);
    const old = first === 'message' ? message('Old') : await reading();
    change();
    const newer = first === 'message' ? await reading() : message('New');
    await parking.park(old, { state: 'deferred' });
    await feed.accept(newer);
    await replayed();
    expect(told.at(-1)).toBe('New');
  });

  it('the reading, before a late message that stood parked', async () => {
    const { feed, parking, change, message, reading, replayed } = await world(type, minutes);
    const late = message('Old');
    change();
    const read = await reading();
    await feed.accept(read, { requestedAtMs: read.observedAtMs });
    await parking.park(late, { state: 'deferred' });
    await replayed();
    expect(told.at(-1)).toBe('New');
  });
});

describe.each(OFFSETS)('a source whose clock is off by %i minutes', (minutes) => {
  it('is read by its own time: by a reload, one by one, and anew', async () => {
    const { feed, reading, message } = await world('task', minutes);
    const seen: number[] = [];
    const target = engine.targets.get('one');
    if (target === undefined) throw new Error('no target');
    target.answer = ({ observedAtMs }) => {
      seen.push(observedAtMs - Date.now() - minutes * MINUTE_MS);
      return { status: 'delivered', change: 'updated' };
    };
    await engine.reloads.run({});
    seen.push((await reading()).observedAtMs - Date.now() - minutes * MINUTE_MS);
    const again = await engine.source.reread(message('Old'));
    seen.push((again?.observedAtMs ?? 0) - Date.now() - minutes * MINUTE_MS);
    expect(seen).toHaveLength(4);
    expect(seen.filter((offMs) => Math.abs(offMs) > 5_000)).toEqual([]);
    expect(feed.status().parked).toMatchObject({ deferred: 0 });
  });
});
