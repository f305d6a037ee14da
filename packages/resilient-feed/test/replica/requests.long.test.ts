import { afterEach, describe, expect, it } from '@jest/globals';
import { seedIncidents } from '@soar-feed/soar-simulator';
import { compared, IDENTICAL, replicaBench, tally } from './replicaBench.js';
import type { ReplicaBench, ReplicaBenchOptions } from './replicaBench.js';

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

/** Each request to the target of a reload of the demo organizations, all of which end identical; by method and route. */
async function requestsOf(options: ReplicaBenchOptions) {
  bench = await replicaBench({ ...options, feeds: ['feed_names=resilient_feed', 'spill_after=10m'] });
  const { simulator, source, target } = bench;
  seedIncidents(source, { incidents: 40 });
  const host = await bench.makeHost();
  await host.start();
  simulator.requests.reset();
  const report = await host.reload(host.wholeRange());
  expect(await host.quiet(10_000)).toBe(true);
  expect(tally(report)).toMatchObject({ failed: 0, parked: 0 });
  expect(compared(bench)).toEqual(IDENTICAL);
  const sent = simulator.requests.log.filter(({ org }) => org === target.id);
  const count = (method: string, end: RegExp): number =>
    sent.filter((entry) => entry.method === method && end.test(entry.path)).length;
  return { perObject: sent.length / report.objects, incidents: report.incidents, count };
}

const INCIDENTS = /\/incidents$/;
const TASKS = /\/incidents\/\d+\/tasks$/;
const NOTES = /\/incidents\/\d+\/comments$/;

describe('a reload of the demo organizations', () => {
  it('sends at most 0.80 requests for each object: plain notes and artifacts travel with their incident', async () => {
    const { perObject, incidents, count } = await requestsOf({});
    const notes =
      bench?.source.incidentIds().flatMap((id) => withReplies(bench?.source.notes({ incidentId: id }))) ?? [];
    expect(count('POST', INCIDENTS)).toBe(incidents);
    expect(count('GET', TASKS)).toBe(0);
    // Threads, and a few with markup that a server may clean.
    expect(count('POST', NOTES)).toBeLessThan(0.7 * notes.length);
    expect(perObject).toBeLessThanOrEqual(0.8);
  }, 240_000);

  it('sends at most 1.08 where nothing travels inside the create of an incident', async () => {
    const { perObject, incidents, count } = await requestsOf({ resilientFeed: ['bundle_creates=false'] });
    expect(count('POST', INCIDENTS)).toBe(incidents);
    expect(count('GET', TASKS)).toBe(0);
    expect(perObject).toBeLessThanOrEqual(1.08);
  }, 240_000);
});

interface Thread {
  readonly children?: readonly unknown[];
}

function withReplies(notes: readonly Thread[] = []): readonly Thread[] {
  return notes.flatMap((note) => [note, ...withReplies(note.children as readonly Thread[])]);
}
