import { describe, expect, it } from '@jest/globals';
import type { RetryableError } from '@soar-feed/core';
import { fakeClock } from '@soar-feed/feed-testkit';
import type { Intent } from '../../../src/mapping/Intent.js';
import { Settling } from '../../../src/write/create/Settling.js';

const intent: Intent = {
  source: { orgId: 201, incidentId: 7, type: 'note', objectId: 70 },
  naturalKey: [{ name: 'text', inputType: 'text', value: 'a note' }],
  ...{ sentAtMs: 0, principalId: 3, targetIncidentId: 1007 },
};

async function opened(settleMs = 60_000) {
  const clock = fakeClock();
  const settling = new Settling(clock, settleMs);
  await clock.advance(10_000);
  /** How long to rest before the next look; `undefined`: it may be made again. */
  const rest = (of = intent): number | undefined => {
    try {
      settling.assertOver(of);
      return undefined;
    } catch (error) {
      expect(error).toMatchObject({ kind: 'retryable', code: 'create-unsettled', uncharged: true });
      return (error as RetryableError).retryAfterMs;
    }
  };
  return { clock, settling, rest };
}

describe('after a create without an answer', () => {
  it('its object is looked for after 1, 2, 4, 8 and 16 s, then at the end of the wait', async () => {
    const { clock, settling, rest } = await opened();
    settling.unanswered(intent);
    for (const ms of [1_000, 2_000, 4_000, 8_000, 16_000]) {
      expect(rest()).toBe(ms);
      await clock.advance(ms);
    }
    expect(rest()).toBe(29_000);
    await clock.advance(28_999);
    expect(rest()).toBe(1);
    await clock.advance(1);
    expect(rest()).toBeUndefined();
  });

  it('the wait is as long as it was meant to be, although somebody sets the clock forward a day', async () => {
    const steady = fakeClock();
    let aheadMs = 0;
    const settling = new Settling({ ...steady, now: () => steady.now() + aheadMs }, 60_000);
    settling.unanswered(intent);
    aheadMs = 24 * 3_600_000;
    await steady.advance(59_999);
    expect(() => settling.assertOver(intent)).toThrow(/was not answered/);
    await steady.advance(1);
    settling.assertOver(intent);
  });

  it('the wait begins anew with every answer that fails to come', async () => {
    const { clock, settling, rest } = await opened(3_000);
    settling.unanswered(intent);
    expect([rest(), rest(), rest()]).toEqual([1_000, 2_000, 3_000]);
    await clock.advance(2_000);
    settling.unanswered(intent);
    expect(rest()).toBe(1_000);
    await clock.advance(2_500);
    expect(rest()).toBe(500);
  });

  it('of an earlier process, the wait begins with this one', async () => {
    const { clock, rest } = await opened(10_500);
    expect(rest()).toBe(500);
    await clock.advance(500);
    expect(rest()).toBeUndefined();
  });

  it('it waits for equal objects together, and for others apart', async () => {
    const { settling, rest } = await opened(10_000);
    settling.unanswered(intent);
    expect(rest({ ...intent, source: { ...intent.source, objectId: 71 } })).toBe(1_000);
    for (const other of [
      { ...intent, targetIncidentId: 1008 },
      { ...intent, targetTaskId: 4 },
      { ...intent, targetParentId: 5 },
      { ...intent, source: { ...intent.source, type: 'task' } },
      { ...intent, naturalKey: [] },
    ])
      expect(rest(other)).toBeUndefined();
  });
});
