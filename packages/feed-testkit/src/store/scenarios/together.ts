import { expect, it } from '../../runner/jestLike.js';
import { anIncident, aTask } from '../../events/builders.js';
import type { StoreSubject } from '../StoreSubject.js';
import { CIRCLE } from './circle.js';

const FEED = 'replica';

export function togetherScenarios(subject: StoreSubject): void {
  it('does what was asked for at once in the order it was asked for', async () => {
    const { store } = subject;
    const { key } = aTask();
    const versions = Array.from({ length: 40 }, (_, at) =>
      aTask({ observedAtMs: 1_000 + at, payload: { name: `v${at}` } }),
    );
    await Promise.all([
      ...versions.map((event) => store.parked.park(FEED, event, { state: 'deferred' })),
      store.checkpoints.write('a', { incidentId: 1, startedAtMs: 1 }),
      store.checkpoints.clear('a'),
    ]);
    expect((await store.parked.find(FEED, key))?.payload).toMatchObject({ name: 'v39' });
    expect(await store.checkpoints.read('a')).toBeUndefined();
  });

  it('has each change once its own promise resolves, among 300 at once', async () => {
    const { settlements } = subject.store;
    const ids = Array.from({ length: 300 }, (_, at) => at + 1);
    const seen = await Promise.all(
      ids.map(async (incidentId) => {
        const { key } = anIncident({ incidentId });
        const stamp = { kind: 'vers', value: incidentId } as const;
        await settlements.settle({
          feed: FEED,
          key,
          eventId: `e-${incidentId}`,
          outcome: 'delivered',
          stamp,
          deleted: false,
        });
        return (await settlements.last(FEED, key))?.stamp?.value;
      }),
    );
    expect(seen).toEqual(ids);
  });

  it('fails a change that cannot be made alone: its neighbours stand', async () => {
    const { parked } = subject.store;
    const events = Array.from({ length: 20 }, (_, at) =>
      aTask({ objectId: at, ...(at === 7 ? { payload: { size: CIRCLE } } : {}) }),
    );
    const results = await Promise.allSettled(events.map((event) => parked.park(FEED, event, { state: 'deferred' })));
    expect(results.flatMap((result, at) => (result.status === 'rejected' ? [at] : []))).toEqual([7]);
    const left = [];
    for await (const row of parked.list({})) left.push(row.key.objectId);
    expect(left).toEqual(events.map((event) => event.key.objectId).filter((id) => id !== 7));
  });

  it('ends what it has taken before it closes', async () => {
    const parking = Array.from({ length: 30 }, (_, at) =>
      subject.store.parked.park(FEED, aTask({ objectId: at }), { state: 'deferred' }),
    );
    const again = await subject.reopen();
    await Promise.all(parking);
    expect(await again.parked.takeDeferred(FEED, 100)).toHaveLength(30);
  });
}
