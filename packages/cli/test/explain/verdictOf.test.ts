import { describe, expect, it } from '@jest/globals';
import type { ParkReason, TargetRecord } from '@soar-feed/core';
import type { ListedRow } from '@soar-feed/core/runtime';
import type { Facts } from '../../src/explain/Facts.js';
import { verdictOf } from '../../src/explain/verdictOf.js';

const key = { orgId: 201, incidentId: 2100, type: 'note', objectId: 420 };
const T = Date.UTC(2026, 0, 2);
const facts = (more: Partial<Facts> = {}): Facts => ({ feed: 'mirror', key, askedAs: 'source', parked: [], ...more });
const record = (state: string, more: Partial<TargetRecord> = {}): TargetRecord => ({ key, state, marks: [], ...more });
const row = (why: ParkReason): ListedRow => ({
  ...{ feed: 'mirror', key, operation: 'upsert', workspace: '', observedAtMs: T, why },
  ...{ revision: 1, place: 1, parkedAtMs: T },
});
const settled = (outcome: 'delivered' | 'skipped' | 'superseded' | 'dropped', deleted = false) => ({
  ...{ feed: 'mirror', key, eventId: 'ID:1', settledAtMs: T, outcome, deleted },
});
const FAILED = { state: 'failed', code: 'invalid-request', message: 'No such phase', attempts: 1 } as const;

describe('the verdict on an object', () => {
  it.each<[string, Facts, string]>([
    ['nothing', facts(), 'Never received: no message and no reload has brought it to this feed (no complete reload'],
    ['gone', facts({ now: { source: 'gone' } }), 'The source does not have it, and nothing has brought it here'],
    [
      'delivered',
      facts({ record: record('active', { ref: '77', refIncident: '4711', writtenAtMs: T, marks: ['found again'] }) }),
      'Delivered as note 77 of incident 4711 in the target, last written on 2026-01-02T00:00:00.000Z (found again).',
    ],
    ['deleted', facts({ record: record('deleted', { ref: '77' }) }), 'Deleted in the target.'],
    ['bypassed', facts({ record: record('bypassed', { ref: '77' }) }), 'Gone at the source and left alone'],
    ['filtered', facts({ record: record('filtered') }), 'Left out by design: its incident did not match'],
    ['a target without memory', facts({ settled: settled('delivered') }), 'Delivered on 2026-01-02'],
    ['a delete there', facts({ settled: settled('delivered', true) }), 'Deleted on 2026-01-02'],
    ['superseded', facts({ settled: settled('superseded') }), 'Not delivered: a newer snapshot'],
    ['dropped', facts({ settled: settled('dropped') }), 'Given up by hand on 2026-01-02'],
    [
      'a skip with its reason',
      facts({
        settled: settled('skipped'),
        outcome: { feed: 'mirror', eventId: 'ID:1', key, outcome: 'skipped', reason: 'no such table', settledAtMs: T },
      }),
      'Left out by design on 2026-01-02T00:00:00.000Z: no such table.',
    ],
    [
      'a wish for the whole incident',
      facts({ resync: row({ state: 'resync' }) }),
      'Not delivered yet: its incident is to be loaded whole',
    ],
    [
      'a parked row before all else',
      facts({ parked: [row(FAILED)], record: record('active', { ref: '77' }) }),
      'Not delivered yet: failed: No such phase (failed after 1 attempt) [invalid-request], parked since 2026-01-02',
    ],
  ])('of %s', (_, given, verdict) => {
    expect(verdictOf(given)).toMatch(new RegExp(`^${verdict.replaceAll(/[()[\].]/g, '\\$&')}`));
  });

  it('names the end of a chain of rows that wait for each other', () => {
    const on = { ...key, type: 'task', objectId: 33 };
    const verdict = verdictOf(facts({ parked: [row({ state: 'waiting', on }), row(FAILED)] }));
    expect(verdict).toContain('waiting: waits for task 33');
    expect(verdict).toContain('; that one is failed: No such phase');
  });

  it('names the clause that keeps the incident out, also for an object below it', () => {
    const verdict = verdictOf(
      facts({
        record: record('filtered'),
        now: {
          source: 'there',
          comparison: { key, verdict: 'left-out', reason: 'filtered' },
          incident: { key, verdict: 'left-out', reason: '"severity = High" (the incident has "Low") does not hold' },
        },
      }),
    );
    expect(verdict).toBe('Left out by design: "severity = High" (the incident has "Low") does not hold.');
  });
});
