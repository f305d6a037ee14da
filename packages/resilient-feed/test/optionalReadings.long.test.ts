import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryResult, FeedEvent, RetryableError } from '@soar-feed/core';
import type { FaultOptions } from '@soar-feed/soar-simulator';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench, sourceOptions, targetOptions } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(120_000);

/** Requests to the target that the feed can do without. */
const readings: Readonly<Record<string, RegExp>> = {
  users: /\/users/,
  groups: /\/groups/,
  workspaces: /\/workspaces/,
  artifactTypes: /\/artifact_types/,
  incidents: /incidents\/query_paged/,
  constants: /\/const$/,
};

const page = (status: number): FaultOptions => ({
  status,
  headers: { 'content-type': 'text/html' },
  body: '<html>default backend</html>',
});

const faults: Readonly<Record<string, FaultOptions>> = {
  '403': { status: 403 },
  '404': { status: 404 },
  '500': { status: 500 },
  'a page': page(404),
  'a broken connection': { reset: 'before' },
};

describe('a reading of the target that is not indispensable', () => {
  let bench: FeedBench;
  const feeds: ResilientFeed[] = [];
  beforeAll(async () => {
    const { artifactTypes } = sourceOptions.schema ?? {};
    bench = await FeedBench.start({
      target: { schema: { ...targetOptions.schema, ...(artifactTypes && { artifactTypes }) } },
    });
  });
  afterEach(async () => {
    bench.simulator.faults.clear();
    for (const feed of feeds.splice(0)) await feed.close();
  });
  afterAll(() => bench.stop());

  async function open(): Promise<ResilientFeed> {
    const feed = await bench.feed();
    feeds.push(feed);
    return feed;
  }

  /** As the engine does it: a target that only looks is asked again, and nothing is charged. */
  async function delivered(feed: ResilientFeed, event: FeedEvent): Promise<DeliveryResult> {
    for (;;) {
      try {
        return await bench.deliver(feed, event);
      } catch (error) {
        const { uncharged, retryAfterMs } = error as RetryableError;
        if (uncharged !== true) throw error;
        await sleep(retryAfterMs ?? 100);
      }
    }
  }

  async function replicates(feed: ResilientFeed, name: string): Promise<void> {
    const { source, events } = bench;
    const { id } = source.createIncident({ name, discovered_date: 1 });
    source.addNote({ incidentId: id }, 'a note');
    source.addArtifact(id, { type: 'String', value: name });
    // A type of the organization's own, which a write may name only by its programmatic name or its id.
    source.addArtifact(id, { type: 'badge_id', value: name });
    source.addRow(id, 'hosts', { host: name });
    for (const event of await events.whole(id))
      expect(await delivered(feed, event)).toMatchObject({ status: 'delivered' });
    const [copy, ...others] = bench.target.incidents().filter((each) => each.name === name);
    expect(others).toEqual([]);
    expect(bench.target.artifacts(copy?.id ?? 0)).toHaveLength(2);
    expect(bench.target.rows(copy?.id ?? 0)).toHaveLength(1);
  }

  const cases = Object.entries(readings).flatMap(([reading, path]) =>
    Object.entries(faults).map(([fault, options]) => [reading, fault, path, options] as const),
  );

  it.each(cases)(
    '%s with %s keeps no feed from opening, at the first start and later',
    async (reading, fault, path, options) => {
      bench.simulator.faults.add({ ...options, path, org: 202 });
      // Constants are outside of any organization.
      if (reading === 'constants') bench.simulator.faults.add({ ...options, path });
      for (const start of ['first', 'second']) {
        const told = bench.log.lines.length;
        const feed = await open();
        await replicates(feed, `${reading} ${fault} ${start}`);
        const words = bench.log.lines.slice(told).filter(({ fields }) => fields?.event === 'target.reading-failed');
        expect(words.map(({ fields }) => fields?.reading)).toEqual(reading === 'constants' ? [] : [reading]);
        expect(await feed.health({ signal: new AbortController().signal })).toMatchObject({ state: 'up' });
        await feed.close();
      }
    },
  );

  it('that does not answer is not waited for', async () => {
    for (const path of Object.values(readings)) bench.simulator.faults.add({ path, delayMs: 12_000 });
    const startedMs = Date.now();
    await open();
    expect(Date.now() - startedMs).toBeLessThan(35_000);
  });
});
