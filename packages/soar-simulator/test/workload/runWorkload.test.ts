import { describe, expect, it, jest } from '@jest/globals';
import { demoOrgs } from '../../src/seed/demoOrgs.js';
import { Random } from '../../src/seed/Random.js';
import { seedIncidents } from '../../src/seed/seedIncidents.js';
import { defaultWeights, type Operation } from '../../src/workload/Analyst.js';
import { randomOperation } from '../../src/workload/randomOperation.js';
import { runWorkload } from '../../src/workload/runWorkload.js';
import { openOrg } from '../seed/openOrg.js';

jest.setTimeout(60_000); // much work for a busy machine

function seeded() {
  const org = openOrg(demoOrgs().source);
  seedIncidents(org, { incidents: 8 });
  return org;
}

describe('runWorkload', () => {
  it('does every kind of operation, and each sends its messages', async () => {
    const org = seeded();
    const done = await runWorkload(org, { operations: 600, seed: 2 });
    await org.settled();
    expect(done).toHaveLength(600);
    const kinds = Object.keys(defaultWeights) as Operation[];
    expect(kinds.filter((kind) => !done.some((text) => text.startsWith(kind)))).toEqual([]);
    expect(org.messages.length).toBeGreaterThanOrEqual(600);
    const operations = new Set(
      org.messages.map(({ body }) => (JSON.parse(body) as { operation_type: string }).operation_type),
    );
    expect([...operations].sort()).toEqual(['created', 'deleted', 'modified']);
  });

  it('is determined by its seed', async () => {
    const run = (seed: number) => runWorkload(seeded(), { operations: 60, seed });
    expect(await run(4)).toEqual(await run(4));
    expect(await run(4)).not.toEqual(await run(5));
  });

  it('keeps the rate and stops at the signal', async () => {
    const abort = new AbortController();
    const seen: string[] = [];
    const startedMs = Date.now();
    await runWorkload(seeded(), {
      operations: Infinity,
      perSecond: 100,
      signal: abort.signal,
      onOperation: (text) => seen.push(text) === 20 && abort.abort(),
    });
    expect(seen).toHaveLength(20);
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(150);
  });

  it('starts from an empty org, one operation at a time', () => {
    const org = openOrg({ id: 9, name: 'Plain' });
    const random = new Random(1);
    expect(randomOperation(org, random)).toMatch(/^create incident \d+$/);
    for (let count = 0; count < 50; count += 1) randomOperation(org, random);
    expect(org.incidentIds().length).toBeGreaterThan(0);
  });
});
