import { describe, expect, it } from '@jest/globals';
import type { HostStatus } from '@soar-feed/core/runtime';
import { readinessOf } from '../../src/http/readinessOf.js';

const parked = { waiting: 1, deferred: 2, resync: 0, failed: 3, undecided: 1 };
const counts = { delivered: 0, skipped: 0, superseded: 0, parked: 0, failed: 0 };
const rates = { last1m: 0, last5m: 0, last15m: 0 };
const pace = { lagSeconds: 0, arrivals: { changes: 0 }, perSecond: { received: rates, delivered: rates } };
const feed = { name: 'mirror', state: 'up', lagging: false, counts, queued: 4, parked, pace } as const;
const status = (more: Partial<HostStatus> = {}): HostStatus =>
  ({
    ...{ source: { host: 'soar.example.com', org: 'Acme' }, store: {}, unchecked: [], feeds: [feed] },
    queue: { state: 'connected', counts: { received: 0, repeated: 0, settled: 0, undecodable: 0 }, inFlight: 0 },
    reload: { running: false, incidents: 0, objects: 0, faults: 0 },
    ...more,
  }) as HostStatus;

describe('the readiness of a host', () => {
  it('tells of each feed', () => {
    expect(readinessOf(status({ feeds: [{ ...feed, lagging: true, pace: { ...pace, lagSeconds: 31.2 } }] }))).toEqual({
      ok: true,
      lines: ['ok', 'feed mirror: lagging; 4 in progress, the oldest change for 31 s; 3 parked, 4 failed'],
    });
  });

  it('is not lost with a target: its changes are parked', () => {
    const down = status({ feeds: [{ ...feed, state: 'down', problem: 'refused' }] });
    expect(readinessOf(down)).toMatchObject({ ok: true, lines: ['ok', expect.stringContaining('down (refused)')] });
  });

  it('is not that of a standby, which takes no changes', () => {
    const standby = 'process 1 on other has db since then';
    expect(readinessOf(status({ standby }))).toEqual({ ok: false, lines: [`standby: ${standby}`] });
  });

  it.each<[string, Partial<HostStatus>]>([
    ['the source is not connected', { source: undefined }],
    ['the state store takes nothing: locked', { store: { problem: 'locked' } }],
    ['the queue is connecting', { queue: { ...status().queue, state: 'connecting' } }],
  ])('is lost when %s', (reason, more) => {
    const { ok, lines } = readinessOf(status(more));
    expect([ok, lines[0]]).toEqual([false, reason]);
  });
});
