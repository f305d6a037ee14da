import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { feedsSection, toFeedsSettings } from '../../../src/config/feedsSection.js';
import { StoppingError } from '../../../src/contract/errors.js';
import type { TypeSchema } from '../../../src/contract/TypeSchema.js';
import type { Feed } from '../../../src/delivery/Feed.js';
import { CompleteReloads } from '../../../src/intake/reload/CompleteReloads.js';
import { Handover } from '../../../src/intake/reload/Handover.js';
import type { ReloadIntake, ReloadRun } from '../../../src/intake/reload/ReloadIntake.js';
import { Reloads } from '../../../src/intake/reload/Reloads.js';
import { ReloadTally } from '../../../src/intake/reload/ReloadReport.js';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import { FeedRouter } from '../../../src/routing/FeedRouter.js';
import { catalogOf, events, incident } from '../messages.js';

const DAY_MS = 24 * 3_600_000;

async function parts() {
  const clock = fakeClock();
  const log = recordingLogger();
  const store = new MemoryStore();
  await store.open();
  const stop = new AbortController();
  const durably = { clock, log, health: { problem: undefined }, signal: stop.signal };
  return { clock, log, store, stop, durably };
}

describe('Handover', () => {
  it.each([
    ['refused, as the host stops', new StoppingError(), 0],
    ['failed', new TypeError('cannot read x'), 1],
  ])('does not pass an incident of which one event was %s', async (_, error, faults) => {
    const { clock, log, stop } = await parts();
    const settled = { feed: 'one', outcome: 'delivered', change: 'updated' } as const;
    const feed = {
      name: 'one',
      room: async () => undefined,
      accept: async ({ key }: { key: { incidentId: number; type: string } }) => {
        if (key.incidentId === 2 && key.type === 'task') throw error;
        return settled;
      },
    } as unknown as Feed;
    const catalog = catalogOf(clock);
    const tally = new ReloadTally(0);
    const handover = new Handover({
      ...{ feeds: [feed], router: new FeedRouter([feed]), events, catalog, tally, log },
      signal: stop.signal,
      onProgress: () => undefined,
    });
    const schema = (await catalog.named('task')) as TypeSchema;
    for (const id of [1, 2, 3]) handover.begin(id);
    for (const id of [1, 2, 3]) {
      const objects = [{ schema, payload: { id: 10 + id, inc_id: id } }];
      const facts = { runId: 'r', wants: () => true, requestedAtMs: 1 };
      await handover.hand({ incident: { ...incident, id }, objects, asOfMs: 1, faults: [] }, facts);
    }
    await handover.settled();
    expect(handover.settledUpTo).toBe(1);
    expect(tally.faults).toHaveLength(faults);
  });
});

describe('CompleteReloads', () => {
  it('does not count one of other types', async () => {
    const { store, durably } = await parts();
    const at = { startedAtMs: 5, sourceStartedAtMs: 6, fullStartedAtMs: 4 };
    const notes = new CompleteReloads(store.checkpoints, durably, ['incident', 'note']);
    await notes.record('one', 9, at, 7);
    expect(await notes.of('one')).toEqual(at);
    expect(await notes.of('two')).toBeUndefined();
    for (const types of [[], ['incident'], ['incident', 'note', 'task']])
      expect(await new CompleteReloads(store.checkpoints, durably, types).of('one')).toBeUndefined();
  });
});

describe('an interrupted run', () => {
  it.each([
    ['up to seven days old goes on', 7 * DAY_MS, 42],
    ['that is older begins anew', 7 * DAY_MS + 1, undefined],
  ])('%s', async (_, ageMs, left) => {
    const { clock, log, store, stop, durably } = await parts();
    const found: (number | undefined)[] = [];
    const startedAtMs = clock.now();
    let isFirst = true;
    const intake = {
      run: async (_range: unknown, { record }: ReloadRun) => {
        if (isFirst) await record?.write({ incidentId: 42, startedAtMs, faults: [], gone: [] });
        else found.push((await record?.read())?.incidentId);
        const interrupted = isFirst;
        isFirst = false;
        return new ReloadTally(clock.now()).report(clock.now(), interrupted);
      },
    } as unknown as ReloadIntake;
    const reloads = new Reloads({
      ...{ intake, feeds: [{ name: 'one' } as Feed], log, clock, checkpoints: store.checkpoints, durably },
      settings: toFeedsSettings(feedsSection.parse({ feed_names: 'one', state_db: 'x' })),
      ...{ signal: stop.signal, sourceClock: { offsetMs: 0, uncertaintyMs: 0 } },
    });
    await reloads.run({});
    await clock.advance(ageMs);
    await reloads.run({});
    expect(found).toEqual([left]);
  });
});
