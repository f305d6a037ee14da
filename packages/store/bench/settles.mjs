// Settlements per second, each waiting for its own commit: shared commits against one commit each, FULL against
// NORMAL. Needs a build (`npx tsc -b packages/store`); run: `node packages/store/bench/settles.mjs [writers] [folder]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { FeedRows } from '../dist/feed/FeedRows.js';
import { KnexSettlementStore } from '../dist/feed/KnexSettlementStore.js';
import { feedSteps } from '../dist/feed/steps.js';
import { Lease, migrate, openDatabase } from '../dist/index.js';

const SECONDS = 4;
const writers = Number(process.argv[2] ?? 16);
const folder = await mkdtemp(join(process.argv[3] ?? tmpdir(), 'soar-feed-bench-'));

for (const synchronous of ['FULL', 'NORMAL']) {
  for (const maxGroup of [1, 256]) {
    const database = await openDatabase({
      client: 'sqlite',
      file: join(folder, `${synchronous}-${maxGroup}.db`),
      synchronous,
    });
    await migrate(database, 'feed', feedSteps);
    const lease = await Lease.take(database, 'feed');
    const rows = new FeedRows(database, lease, { maxGroup });
    const settlements = new KnexSettlementStore(() => rows);
    const { perSecond, cpuUs, p50, p99 } = await measure(settlements);
    console.log(
      `${synchronous.padEnd(6)} ${maxGroup === 1 ? 'one commit each' : 'shared commits '}  ${String(perSecond).padStart(6)} settles/s  ` +
        `p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  ${cpuUs} us CPU each`,
    );
    await rows.close();
    await lease.release();
    await database.close();
  }
}
await rm(folder, { recursive: true });

async function measure(settlements) {
  const times = [];
  const cpu = process.cpuUsage();
  const start = performance.now();
  const until = start + SECONDS * 1000;
  const write = async (writer) => {
    for (let at = 0; performance.now() < until; at += 1) {
      const key = { orgId: 201, incidentId: 2000 + writer, type: 'task', objectId: writer * 1_000_000 + (at % 5000) };
      const begun = performance.now();
      const stamp = { kind: 'broker', value: at };
      await settlements.settle({
        feed: 'replica',
        key,
        eventId: `m-${writer}-${at}`,
        outcome: 'delivered',
        stamp,
        deleted: false,
      });
      times.push(performance.now() - begun);
    }
  };
  await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
  const { user, system } = process.cpuUsage(cpu);
  times.sort((a, b) => a - b);
  return {
    perSecond: Math.round((times.length * 1000) / (performance.now() - start)),
    cpuUs: Math.round((user + system) / times.length),
    p50: times[Math.floor(times.length * 0.5)],
    p99: times[Math.floor(times.length * 0.99)],
  };
}
