// What crash safety costs: settlements per second, each waiting for its commit, with shared commits and one commit each,
// synchronous FULL and NORMAL; as ratios to the safest and slowest, one commit each with FULL. Rounds in turn, and the
// median: a busy machine disturbs single ones. Run: `npm run bench:settles -- [writers] [folder]`.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { FeedRows } from '../dist/feed/FeedRows.js';
import { KnexSettlementStore } from '../dist/feed/KnexSettlementStore.js';
import { feedSteps } from '../dist/feed/steps.js';
import { Lease, migrate, openDatabase } from '../dist/index.js';

const SECONDS = 2;
const ROUNDS = 3;
const writers = Number(process.argv[2] ?? 16);
const folder = await mkdtemp(join(process.argv[3] ?? tmpdir(), 'soar-feed-bench-'));

const ways = [
  { synchronous: 'FULL', maxGroup: 1 },
  { synchronous: 'FULL', maxGroup: 256 },
  { synchronous: 'NORMAL', maxGroup: 1 },
  { synchronous: 'NORMAL', maxGroup: 256 },
].map((way) => ({ ...way, figures: [] }));

for (let round = 1; round <= ROUNDS; round += 1) {
  for (const { synchronous, maxGroup, figures } of ways) {
    const file = join(folder, `${synchronous}-${maxGroup}-${round}.db`);
    const database = await openDatabase({ client: 'sqlite', file, synchronous });
    await migrate(database, 'feed', feedSteps);
    const lease = await Lease.take(database, 'feed');
    const rows = new FeedRows(database, lease, { maxGroup });
    figures.push(await measure(new KnexSettlementStore(() => rows)));
    await rows.close();
    await lease.release();
    await database.close();
  }
}
await rm(folder, { recursive: true });

console.log(`${writers} writers, median of ${ROUNDS} rounds of ${SECONDS} s`);
const base = median(ways[0].figures, 'perSecond');
for (const { synchronous, maxGroup, figures } of ways) {
  const of = (key) => median(figures, key);
  console.log(
    `${synchronous.padEnd(6)} ${maxGroup === 1 ? 'one commit each' : 'shared commits '}  ` +
      `${(of('perSecond') / base).toFixed(2).padStart(6)} x  ${String(of('perSecond')).padStart(6)} settles/s  ` +
      `p50 ${of('p50').toFixed(1)} ms  p99 ${of('p99').toFixed(1)} ms  ${of('cpuUs')} us CPU each`,
  );
}

function median(figures, key) {
  const values = figures.map((figure) => figure[key]).sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

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
