import { describe, expect, it } from '@jest/globals';
import type { FeedReport, StatusReport } from '@soar-feed/core/runtime';
import { barText } from '../../src/top/barText.js';
import { frameOf } from '../../src/top/frameOf.js';

const rates = (last1m: number) => ({ last1m, last5m: 0, last15m: 0 });
const feed = (name: string): FeedReport => ({
  ...{ name, state: 'up', lagging: false, queued: 3 },
  parked: { waiting: 1, deferred: 20, failed: 12, undecided: 0, resync: 0 },
  causes: [
    { state: 'failed', code: 'http-400', rows: 12, oldestAtMs: 0 },
    { state: 'deferred', rows: 20, oldestAtMs: 0 },
  ],
  pace: {
    lagSeconds: 4.25,
    arrivals: { changes: 90, p50Seconds: 0.084, p99Seconds: 1.9 },
    perSecond: { received: rates(49.97), delivered: rates(48.2) },
  },
});
const report = (more: Partial<StatusReport> = {}): StatusReport => ({
  ...{ running: true, process: { pid: 1, startedAtMs: 0 }, source: { host: 'soar.example.com', org: 'Acme' } },
  queue: {
    state: 'connected',
    inFlight: 3,
    counts: { received: 900, acknowledged: 897, ignored: 0, undecodable: 0 },
  },
  ...{ store: {}, feeds: [feed('mirror')], raw: 0 },
  ...more,
});

describe('what top shows', () => {
  it('tells of each feed: state, lag, arrival times, rates, what waits and why', () => {
    const text = frameOf(report(), 3_600_000, { columns: 100 }).join('\n');
    expect(text).toContain('soar-feed: Acme on soar.example.com, up for 1 h  01:00:00 UTC');
    expect(text).toContain('Queue: connected; 900 messages, 3 in progress, 0 undecodable');
    expect(text).toMatch(/^mirror +up +4\.3 s +84 ms +1\.9 s +50\.0 +48\.2 +3 +21 +12$/m);
    expect(text).toContain('mirror: 12 failed [http-400]');
    expect(text).not.toContain('20 deferred');
  });

  it('shows how far a reload is', () => {
    const reload = { running: true, incidents: 60, objects: 500, ofIncidents: 240, faults: 0, leftMs: 180_000 };
    const lines = frameOf(report({ reload }), 0, { columns: 110 });
    expect(lines).toContain(`Reload ${barText(0.25, 30)}  60 of 240 incidents, 500 objects so far, about 3 min left`);
    const { ofIncidents: _, ...unknown } = reload;
    expect(frameOf(report({ reload: unknown }), 0, { columns: 110 })).toContainEqual(
      expect.stringMatching(/^Reload: 60 incidents/),
    );
  });

  it.each([
    [20, 5],
    [40, 8],
    [80, 12],
  ])('fits into %i columns and %i lines, whatever there is to say', (columns, rows) => {
    const many = report({
      feeds: Array.from({ length: 30 }, (_, at) => ({
        ...feed(`feed_${at}_with_a_long_name`),
        problem: 'x'.repeat(300),
      })),
      waitsFor: 'y'.repeat(200),
    });
    const lines = frameOf(many, 0, { columns, rows });
    expect(lines).toHaveLength(rows);
    expect(lines.at(-1)).toBe('…');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it('says that no host answers', () => {
    expect(frameOf(undefined, 0, { columns: 80, rows: 24 })).toEqual([expect.stringContaining('No host answers')]);
  });
});

it.each([
  [0, '[----]   0 %'],
  [0.5, '[##--]  50 %'],
  [0.999, '[####]  99 %'],
  [1, '[####] 100 %'],
])('a bar at %d', (done, text) => {
  expect(barText(done, 4)).toBe(text);
});
