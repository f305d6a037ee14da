import { beforeEach, describe, expect, it } from '@jest/globals';
import { ShadowStore } from '../../../src/host/plan/ShadowStore.js';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import type { FeedEvent } from '../../../src/contract/FeedEvent.js';
import type { Settlement } from '../../../src/contract/FeedStore.js';

const key = (incidentId: number, type: string, objectId: number) => ({ orgId: 201, incidentId, type, objectId });
const settled = (incidentId: number, type: string, objectId: number, more: Partial<Settlement> = {}): Settlement => ({
  ...{
    feed: 'one',
    key: key(incidentId, type, objectId),
    eventId: `e${objectId}`,
    outcome: 'delivered',
    deleted: false,
  },
  ...more,
});

describe('the state of a plan', () => {
  let real: MemoryStore;
  let shadow: ShadowStore;
  beforeEach(async () => {
    real = new MemoryStore();
    await real.open();
    await real.settlements.settle(settled(5, 'incident', 5, { stamp: { kind: 'vers', value: 9 } }));
    await real.settlements.settle(settled(5, 'note', 51));
    for (const incidentId of [5, 6]) {
      const event = { id: `p${incidentId}`, key: key(incidentId, 'note', incidentId * 10), payload: { id: 1 } };
      const whole = { ...event, origin: 'queue', operation: 'upsert', workspace: '', observedAtMs: 1, schema: {} };
      await real.parked.park('one', whole as unknown as FeedEvent, { state: 'deferred' });
    }
    shadow = new ShadowStore(real, (id) => id === 5);
    await shadow.open();
  });

  const applied = async () => {
    const keys: string[] = [];
    for await (const { key: of } of shadow.settlements.applied('one', { orgId: 201, minIncidentId: 0 }))
      keys.push(`${of.type} ${of.objectId}`);
    return keys;
  };

  it('begins with what is known of its incidents, in line', async () => {
    expect(await shadow.settlements.last('one', key(5, 'incident', 5))).toMatchObject({ stamp: { value: 9 } });
    expect(await shadow.parked.takeDeferred('one', 10)).toMatchObject([{ key: { incidentId: 5 }, payload: { id: 1 } }]);
    expect(await applied()).toEqual(['incident 5', 'note 51']);
  });

  it('changes itself only', async () => {
    const [row] = await shadow.parked.takeDeferred('one', 10);
    expect(await shadow.parked.remove('one', key(5, 'note', 50), row?.revision ?? 0)).toBe(true);
    await shadow.settlements.settle(settled(5, 'note', 51, { deleted: true }));
    await shadow.settlements.settle(settled(5, 'note', 52));
    // An older snapshot does not set the stamp back.
    await shadow.settlements.settle(settled(5, 'incident', 5, { stamp: { kind: 'vers', value: 3 } }));
    expect(await shadow.settlements.last('one', key(5, 'incident', 5))).toMatchObject({ stamp: { value: 9 } });
    expect(await applied()).toEqual(['incident 5', 'note 52']);
    expect(await real.settlements.last('one', key(5, 'note', 51))).toMatchObject({ deleted: false });
    expect(await real.settlements.last('one', key(5, 'note', 52))).toBeUndefined();
    expect(await real.parked.takeDeferred('one', 10)).toHaveLength(2);
  });

  it('works without a state', async () => {
    const empty = new ShadowStore(undefined, () => true);
    await empty.open();
    expect(await empty.settlements.last('one', key(5, 'note', 51))).toBeUndefined();
  });
});
