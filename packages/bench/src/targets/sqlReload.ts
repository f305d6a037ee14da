/**
 * How many objects sql-feed writes per second of its own time while the real host reloads 500 incidents into PostgreSQL. Goal:
 * 5,000. Its own time is what passes while at least one of its batches is under way; the rest of a reload waits for the source.
 * `grownMb` is the growth of this process's memory from the tenth batch to the last.
 */
import { hasPostgres, startPostgres } from '@soar-feed/feed-testkit';
import { SqlFeed } from '@soar-feed/sql-feed';
import knexOf from 'knex';
import { makeHost } from '../makeHost.js';
import { SimulatorHandle } from '../SimulatorHandle.js';

const [incidents = 500] = process.argv.slice(2).map(Number);
const PORT = Number(process.env['SOAR_FEED_TEST_PORTS'] ?? 25_500) + 25;
const GOAL = 5_000;

if (hasPostgres()) console.log(JSON.stringify(await measure()));
else console.log(JSON.stringify({ target: 'sql', skipped: 'PostgreSQL is not installed.' }));

async function measure(): Promise<object> {
  const own = measureOwnTime();
  const postgres = startPostgres({ port: PORT, durable: true });
  const simulator = await SimulatorHandle.start({ incidents });
  const { host, remove } = await makeHost(simulator.facts, {
    feeds: { sql_feed: `class=ODBCFeed\nurl=${postgres.url}\n` },
  });
  await host.start({ queue: false, reload: false });
  const startedAt = performance.now();
  const report = await host.reload(host.wholeRange());
  const seconds = (performance.now() - startedAt) / 1000;
  await host.stop();
  await simulator.stop();
  const knex = knexOf({ client: 'pg', connection: postgres.url });
  const [counted] = (await knex('note').count({ notes: '*' })) as [{ notes: string }];
  await knex.destroy();
  postgres.remove();
  remove();
  if (Number(counted.notes) < incidents * 4) throw new Error(`Only ${counted.notes} notes arrived.`);
  const { objects, ms, grownMb, batches } = own();
  return {
    target: 'sql',
    engine: 'PostgreSQL, a reload',
    incidents,
    objects: report.objects,
    seconds: Math.round(seconds * 10) / 10,
    batches,
    objectsPerSecondOfItsTime: Math.round(objects / (ms / 1000)),
    goalPerSecond: GOAL,
    grownMb,
  };
}

/** Times the batches of every sql-feed of this process. */
function measureOwnTime(): () => { objects: number; ms: number; grownMb: number; batches: number } {
  const { deliverBatch } = SqlFeed.prototype;
  let underWay = 0;
  let since = 0;
  let ms = 0;
  let objects = 0;
  let batches = 0;
  let early = 0;
  let late = 0;
  SqlFeed.prototype.deliverBatch = async function (events, context) {
    if (underWay === 0) since = performance.now();
    underWay += 1;
    try {
      return await deliverBatch.call(this, events, context);
    } finally {
      underWay -= 1;
      if (underWay === 0) ms += performance.now() - since;
      objects += events.length;
      batches += 1;
      late = process.memoryUsage().rss;
      if (batches === 10) early = late;
    }
  };
  return () => ({ objects, ms, batches, grownMb: Math.round((late - early) / 1024 / 1024) });
}
