import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import fc from 'fast-check';
import { Watermark } from '../../../src/intake/reload/Watermark.js';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import { ScriptedTarget } from '../../delivery/feedBench.js';
import { makeEngine, startSource, until, watchCheckpoints } from './reloadBench.js';
import type { Engine, EngineOptions, Source } from './reloadBench.js';

jest.setTimeout(60_000);

const DELIVERED = { status: 'delivered', change: 'updated' } as const;

let source: Source;
const engines: Engine[] = [];

beforeAll(async () => {
  source = await startSource();
  source.fill(12);
});
afterAll(() => source.stop());
afterEach(async () => {
  for (const engine of engines.splice(0)) await engine.stop();
});

async function engineOn(options: EngineOptions): Promise<Engine> {
  const engine = await makeEngine(source, options);
  engines.push(engine);
  return engine;
}

/** A target that lets events of incidents up to `id` through and holds the rest for ever. */
function heldAbove(id: number): ScriptedTarget {
  const target = new ScriptedTarget();
  target.answer = ({ key }, { signal }) =>
    key.incidentId <= id
      ? DELIVERED
      : new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped')), { once: true }),
        );
  return target;
}

const incidentsOf = (target: ScriptedTarget | undefined): readonly number[] => [
  ...new Set((target?.seen ?? []).map((name) => Number(name.replace('delete ', '').split('/')[0]))),
];

describe('Watermark', () => {
  it('is the highest id up to which everything has passed, in whatever order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 40 }),
        fc.infiniteStream(fc.nat()),
        (unsorted, choices) => {
          const ids = [...unsorted].sort((a, b) => a - b);
          const watermark = new Watermark();
          const open: number[] = [];
          let begun = 0;
          while (begun < ids.length || open.length > 0) {
            const choice = choices.next().value;
            if (begun < ids.length && (open.length === 0 || choice % 2 === 0)) {
              const id = ids[begun] as number;
              begun += 1;
              watermark.begin(id);
              open.push(id);
            } else {
              watermark.pass(open.splice(choice % open.length, 1)[0] as number);
            }
            const mark = watermark.settledUpTo ?? -Infinity;
            // Nothing at or below it is open, and what has settled above it lies behind something open.
            expect(open.every((id) => id > mark)).toBe(true);
            const first = Math.min(...open);
            expect(mark).toBe(open.length === 0 ? (ids[begun - 1] as number) : first - 1);
          }
        },
      ),
    );
  });
});

describe('an interrupted reload', () => {
  it('goes on above its checkpoint after a crash, and tells when it began', async () => {
    const ids = source.org.incidentIds();
    const store = new MemoryStore();
    const held = ids[6] as number;
    const first = await engineOn({ store, target: () => heldAbove(held) });
    const marks: number[] = [];
    watchCheckpoints(store, (id) => marks.push(id));
    const began = Date.now();
    void first.reloads.run({}).catch(() => undefined);
    await until(() => marks.some((id) => id >= (ids[3] as number)), 'a checkpoint in the middle');
    const seenBefore = [...(first.targets.get('one')?.seen ?? [])];
    first.crash();
    const mark = Math.max(...marks);

    const second = await engineOn({ store });
    const report = await second.reloads.run({});
    expect(incidentsOf(second.targets.get('one'))).toEqual(ids.filter((id) => id > mark));
    expect(report).toMatchObject({ continuedAbove: mark, interrupted: false, faults: [] });
    expect(report.startedAtMs - began).toBeLessThan(1_000);
    // The first reload had delivered everything below the watermark.
    for (const id of ids.filter((of) => of <= mark))
      expect(seenBefore.some((name) => name.startsWith(`${id}/incident`))).toBe(true);

    // That one was complete: the next starts from the beginning.
    const third = await engineOn({ store });
    const again = await third.reloads.run({});
    expect(again).toMatchObject({ incidents: ids.length });
    expect(again).not.toHaveProperty('continuedAbove');
  });

  it('is checkpointed by a stop, which counts parked objects as settled', async () => {
    const ids = source.org.incidentIds();
    const store = new MemoryStore();
    const first = await engineOn({ store, target: () => heldAbove(ids[4] as number) });
    const running = first.reloads.run({});
    await until(() => incidentsOf(first.targets.get('one')).length > 5, 'incidents under way');
    await first.stop();
    const interrupted = await running;
    expect(interrupted.interrupted).toBe(true);
    expect(interrupted.feeds['one']?.parked).toBeGreaterThan(0);

    const second = await engineOn({ store });
    const report = await second.reloads.run({});
    const parkedOf = new Set<number>();
    for await (const row of store.parked.list({})) parkedOf.add(row.key.incidentId);
    const reached = [...incidentsOf(second.targets.get('one')), ...parkedOf];
    expect(report.continuedAbove).toBeGreaterThanOrEqual(ids[4] as number);
    for (const id of ids.filter((of) => of > (ids[4] as number))) expect(reached).toContain(id);
  });

  it.each([
    ['another range', { minIncidentId: 1 }],
    ['another method', { method: 'query' }],
    ['other types', { types: ['note'] }],
    ['a person who wants it', { restart: true }],
    ['leave to delete', { allowDeletes: 5 }],
  ] as const)('begins anew for %s', async (_, request) => {
    const store = new MemoryStore();
    const ids = source.org.incidentIds();
    const first = await engineOn({ store, target: () => heldAbove(ids[4] as number) });
    void first.reloads.run({}).catch(() => undefined);
    await until(() => incidentsOf(first.targets.get('one')).length > 5, 'incidents under way');
    await first.stop();
    const second = await engineOn({ store });
    expect(await second.reloads.run(request)).not.toHaveProperty('continuedAbove');
  });

  it('never has a checkpoint ahead of what has settled', async () => {
    const store = new MemoryStore();
    const settled = new Map<number, number>();
    const sent = new Map<number, number>();
    const count = (map: Map<number, number>, id: number) => map.set(id, (map.get(id) ?? 0) + 1);
    const target = new ScriptedTarget();
    target.answer = async ({ key }: FeedEvent) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 8));
      return key.type === 'artifact' ? { status: 'waiting', on: { ...key, type: 'note', objectId: 1 } } : DELIVERED;
    };
    const engine = await engineOn({ store, target: () => target, feedOptions: { concurrency: 4 } });
    const [feed] = engine.feeds;
    if (feed === undefined) throw new Error('no feed');
    const accept = feed.accept.bind(feed);
    jest.spyOn(feed, 'accept').mockImplementation(async (event, options) => {
      count(sent, event.key.incidentId);
      const end = await accept(event, options);
      count(settled, event.key.incidentId);
      return end;
    });
    let writes = 0;
    watchCheckpoints(store, (incidentId) => {
      writes += 1;
      for (const id of source.org.incidentIds().filter((of) => of <= incidentId)) {
        expect(sent.get(id)).toBeGreaterThanOrEqual(5);
        expect([id, settled.get(id)]).toEqual([id, sent.get(id)]);
      }
    });
    const report = await engine.reloads.run({});
    expect(report.feeds['one']).toMatchObject({ parked: 12 });
    expect(writes).toBeGreaterThan(1);
  });
});

describe('feeds of their own', () => {
  it('loads one feed alone, and goes on with that one', async () => {
    const ids = source.org.incidentIds();
    const store = new MemoryStore();
    const feeds = ['one', 'two'];
    const first = await engineOn({
      store,
      feeds,
      target: (name) => (name === 'two' ? heldAbove(ids[4] as number) : new ScriptedTarget()),
    });
    void first.reloads.run({ feeds: ['two'] }).catch(() => undefined);
    await until(() => incidentsOf(first.targets.get('two')).length > 5, 'incidents under way');
    await first.stop();
    expect(first.targets.get('one')?.seen).toEqual([]);

    const second = await engineOn({ store, feeds });
    expect(await second.reloads.run({})).not.toHaveProperty('continuedAbove');
    const third = await second.reloads.run({ feeds: ['two'] });
    expect(third.continuedAbove).toBeGreaterThanOrEqual(ids[4] as number);
    expect(Object.keys(third.feeds)).toEqual(['two']);
  });

  it('refuses a feed that there is not', async () => {
    const engine = await engineOn({});
    await expect(engine.reloads.run({ feeds: ['tow'] })).rejects.toThrow('feed_names: holds no tow; it holds one');
  });
});
