/**
 * How much faster sql-feed is in batches than row by row: the ratio for each engine, all measured in one run. Goals: 30 times on
 * PostgreSQL and MariaDB, 10 times on SQLite. Row by row is sql-feed itself with batches of one: the same work for each object,
 * in a transaction of its own. `ratioToBareUpserts` compares with the least that a feed like IBM's must do: one upsert of a
 * row that is ready, in a transaction of its own. All commit durably, as servers do by default. Engines that are not
 * installed are left out, with a line.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawValues, toTypeSchema, validateSection } from '@soar-feed/core';
import type { DeliverContext, FeedEvent, Logger } from '@soar-feed/core';
import { hasMariaDb, hasPostgres, startMariaDb, startPostgres } from '@soar-feed/feed-testkit';
import { SqlFeed, sqlFeedConfig, toSettings } from '@soar-feed/sql-feed';
import knexOf from 'knex';
import type { Knex } from 'knex';

const [single = 300, batched = 20_000, batchSize = 500] = process.argv.slice(2).map(Number);
const PORT = Number(process.env['SOAR_FEED_TEST_PORTS'] ?? 25_500) + 20;

const FIELDS = 24;
const schema = toTypeSchema({
  id: 1,
  type_id: 1,
  type_name: 'task',
  parent_types: ['incident'],
  fields: Array.from({ length: FIELDS }, (_, at) => ({
    ...{ id: at, name: `field_${at}`, text: `Field ${at}` },
    input_type: ['text', 'number', 'datetimepicker', 'boolean'][at % 4] ?? 'text',
  })),
});

interface Engine {
  readonly name: string;
  readonly texts: Readonly<Record<string, string>>;
  readonly knex: Knex;
  remove(): void;
}

const engines: readonly (() => Engine | string)[] = [
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'soar-feed-bench-'));
    const file_name = join(folder, 'objects.sqlite3');
    const knex = knexOf({ client: 'sqlite3', connection: { filename: file_name }, useNullAsDefault: true });
    return { name: 'SQLite', texts: { file_name }, knex, remove: () => rmSync(folder, { recursive: true }) };
  },
  () => {
    if (!hasPostgres()) return 'PostgreSQL is not installed.';
    const server = startPostgres({ port: PORT, durable: true });
    const knex = knexOf({ client: 'pg', connection: server.url });
    return { name: 'PostgreSQL', texts: { url: server.url }, knex, remove: () => server.remove() };
  },
  () => {
    if (!hasMariaDb()) return 'MariaDB is not installed.';
    const server = startMariaDb({ port: PORT + 1, durable: true });
    const connection = { uri: server.url } as unknown as Knex.MySql2ConnectionConfig;
    return {
      name: 'MariaDB',
      texts: { url: server.url },
      knex: knexOf({ client: 'mysql2', connection }),
      remove: () => server.remove(),
    };
  },
];

for (const start of engines) {
  const engine = start();
  if (typeof engine === 'string') {
    console.log(JSON.stringify({ target: 'sql', skipped: engine }));
    continue;
  }
  console.log(JSON.stringify(await measure(engine)));
  await engine.knex.destroy();
  engine.remove();
}

async function measure({ name, texts, knex }: Engine): Promise<object> {
  const log: Logger = { debug() {}, info() {}, warn() {}, error() {}, child: () => log };
  const parsed = validateSection('sql_feed', rawValues(texts), sqlFeedConfig);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const feed = new SqlFeed(toSettings(parsed.value, 'sql_feed'), { name: 'sql_feed', log });
  const context: DeliverContext = { signal: new AbortController().signal, attempt: 1, log };
  await feed.open(context);
  await feed.deliver(eventOf(0), context);
  const row = (await knex('task').where({ id: 1_000 }).first()) as Record<string, unknown>;

  const bareUpserts = await perSecond(single, async () => {
    for (let at = 0; at < single; at += 1) {
      const values = { ...row, id: 1_000 + at };
      await knex.transaction((trx) => trx('task').insert(values).onConflict('id').merge());
    }
  });
  const rowByRow = await perSecond(single, async () => {
    for (let at = 0; at < single; at += 1) await feed.deliver(eventOf(at), context);
  });
  // Making the events is no work of the feed.
  const events = Array.from({ length: batched }, (_, at) => eventOf(at));
  let next = 0;
  const deliverRest = async (): Promise<void> => {
    while (next < batched) {
      const from = next;
      next += batchSize;
      const outcomes = await feed.deliverBatch(events.slice(from, from + batchSize), context);
      if (outcomes.some(({ status }) => status !== 'delivered')) throw new Error('Not every row was written.');
    }
  };
  const before = process.memoryUsage().rss;
  const cpuBefore = process.cpuUsage();
  // As the engine does: the next batch comes before the one before it has ended.
  const bulk = await perSecond(batched, async () => {
    await Promise.all([deliverRest(), deliverRest()]);
  });
  const { user, system } = process.cpuUsage(cpuBefore);
  const grownMb = Math.round((process.memoryUsage().rss - before) / 1024 / 1024);
  await feed.close();
  const round = (value: number) => Math.round(value * 10) / 10;
  return {
    target: 'sql',
    engine: name,
    rowByRowPerSecond: Math.round(rowByRow),
    bareUpsertsPerSecond: Math.round(bareUpserts),
    batchedPerSecond: Math.round(bulk),
    // Of this process alone: the server's own is not in it.
    batchedPerCpuSecond: Math.round(batched / ((user + system) / 1e6)),
    ratio: round(bulk / rowByRow),
    goal: name === 'SQLite' ? 10 : 30,
    ratioToBareUpserts: round(bulk / bareUpserts),
    grownMb,
  };
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return count / ((performance.now() - startedAt) / 1_000);
}

/** A task with as many fields as the platform's own tasks have. */
function eventOf(at: number): FeedEvent {
  const objectId = 1_000 + at;
  const values = Array.from({ length: FIELDS }, (_, no) => [
    `field_${no}`,
    [`Value ${at} of field ${no}`, at * no, 1_700_000_000_000 + at, at % 2 === 0][no % 4],
  ]);
  const key = { orgId: 201, incidentId: 100 + (at % 50), type: 'task', objectId };
  return {
    id: `event-${at}`,
    origin: 'reload',
    operation: 'upsert',
    key,
    parent: { ...key, type: 'incident', objectId: key.incidentId },
    workspace: 'Default workspace',
    observedAtMs: 1_700_000_000_000 + at,
    payload: { id: objectId, ...Object.fromEntries(values) },
    schema,
  };
}
