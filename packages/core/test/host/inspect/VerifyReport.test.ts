import { describe, expect, it } from '@jest/globals';
import { VerifyTally } from '../../../src/host/inspect/VerifyReport.js';
import type { Drift } from '../../../src/host/inspect/VerifyReport.js';

const key = { orgId: 201, incidentId: 1, type: 'note', objectId: 5 };
const drift: Drift = { feed: 'mirror', key, cause: 'missing' };

describe('the tally of a verification', () => {
  it('goes on from a report, which stays as it was', () => {
    const first = new VerifyTally(7);
    first.incidents = 3;
    first.of('mirror').equal = 2;
    first.drifted(drift);
    first.leftOut('mirror', 'filtered');
    const half = first.report(undefined);
    expect(half).toMatchObject({ complete: false, startedAtMs: 7, incidents: 3 });
    const second = new VerifyTally(7, half);
    second.drifted({ ...drift, cause: 'differs' });
    second.leftOut('mirror', 'filtered');
    const whole = second.report(99);
    expect(whole).toMatchObject({
      complete: true,
      finishedAtMs: 99,
      drift: [{ cause: 'missing' }, { cause: 'differs' }],
    });
    expect(whole.feeds['mirror']).toMatchObject({
      ...{ equal: 2, missing: 1, differs: 1, leftOut: 2 },
      reasons: { filtered: 2 },
    });
    expect(half.drift).toHaveLength(1);
    expect(half.feeds['mirror']).toMatchObject({ leftOut: 1 });
  });

  it('adds up pages', () => {
    const page = new VerifyTally(0);
    page.incidents = 2;
    page.objects = 9;
    page.of('mirror').equal = 4;
    page.drifted(drift);
    page.leftOut('mirror', 'filtered');
    page.fault({ message: 'unread' });
    const whole = new VerifyTally(7);
    whole.add(page.report(undefined));
    whole.add(page.report(undefined));
    expect(whole.report(9)).toMatchObject({
      ...{ startedAtMs: 7, incidents: 4, objects: 18, drift: [drift, drift], faults: [{}, {}] },
      feeds: { mirror: { equal: 8, missing: 2, leftOut: 2, reasons: { filtered: 2 } } },
    });
  });

  it('counts all drift and keeps a bounded list', () => {
    const tally = new VerifyTally(0);
    for (let at = 0; at < 20_005; at += 1) tally.drifted(drift);
    const report = tally.report(1);
    expect([report.drift.length, report.driftNotListed, report.feeds['mirror']?.missing]).toEqual([20_000, 5, 20_005]);
  });

  it('keeps a bounded number of reasons, whatever they are called', () => {
    const tally = new VerifyTally(0);
    for (let at = 0; at < 40; at += 1) tally.leftOut('mirror', `reason ${at}`);
    tally.leftOut('mirror', 'constructor');
    const reasons = tally.report(1).feeds['mirror']?.reasons ?? {};
    expect(Object.values(reasons).reduce((sum, count) => sum + count, 0)).toBe(41);
    expect(reasons['other reasons']).toBe(11);
    expect(Object.keys(reasons)).toHaveLength(31);
  });
});
