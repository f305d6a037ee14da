/**
 * Two simulated organizations, each with a host of its own, in one database with history and views: loads them, follows
 * live changes, and prints what a BI tool would show. `BI_URL=postgresql://…` names a server; default is an SQLite file.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFeedHost } from '@soar-feed/core/runtime';
import { demoOrgs, runWorkload, seedIncidents, startSimulator } from '@soar-feed/soar-simulator';
import { storeModule } from '@soar-feed/store';
import knexOf from 'knex';
import { appConfig, destination } from './appConfig.js';
import { rowsOf, tableOf } from './report.js';

const INCIDENTS = Number(process.env['DEMO_INCIDENTS'] ?? 12);
const OPERATIONS = Number(process.env['DEMO_OPERATIONS'] ?? 60);
const URL = process.env['BI_URL'];
const PREFIXES = ['one_', 'two_'] as const;

const VIEWS: readonly (readonly [string, readonly string[]])[] = [
  ['bi_open_incidents', ['tables', 'incident_id', 'severity', 'phase', 'owner', 'age_hours']],
  ['bi_time_to_close', ['tables', 'incident_id', 'created', 'closed', 'hours_to_close']],
  ['bi_tasks_per_phase', ['tables', 'phase', 'tasks', 'open_tasks', 'closed_tasks']],
  ['bi_artifacts_per_type', ['tables', 'artifact_type', 'artifacts', 'different_values']],
  ['bi_time_in_phase', ['tables', 'incident_id', 'phase', 'total_seconds', 'is_current']],
  ['bi_incident_history', ['tables', 'incident_id', 'valid_from', 'valid_to', 'operation', 'status', 'phase']],
];

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function demo(folder: string): Promise<void> {
  const { source, target } = demoOrgs();
  const orgs = [source, target];
  const simulator = await startSimulator({ orgs });
  const file = join(folder, 'soar.sqlite3');
  const hosts = [];
  try {
    for (const [at, org] of orgs.entries()) {
      const prefix = PREFIXES[at] ?? '';
      seedIncidents(simulator.org(org.id), { incidents: INCIDENTS, seed: at + 1 });
      const own = join(folder, prefix);
      mkdirSync(own);
      const configFile = join(own, 'app.config');
      writeFileSync(configFile, appConfig(simulator, org, prefix, destination(URL, file)));
      const host = await createFeedHost({
        configFile,
        modules: ({ config }) => [storeModule({ database: config.feeds.stateDb })],
      });
      hosts.push(host);
      await host.start();
    }
    for (const org of orgs) {
      const sim = simulator.org(org.id);
      await runWorkload(sim, { operations: OPERATIONS, perSecond: 200 });
      await sim.settled();
      await Promise.all(sim.invocations().map(({ done }) => done));
    }
  } finally {
    for (const host of hosts) await host.stop();
    await simulator.stop();
  }
  await print(file);
}

async function print(file: string): Promise<void> {
  const knex =
    URL === undefined
      ? knexOf({ client: 'sqlite3', connection: { filename: file }, useNullAsDefault: true })
      : knexOf({ client: 'pg', connection: URL });
  try {
    for (const [view, columns] of VIEWS) {
      const rows = await rowsOf(knex, view, PREFIXES);
      say(`\n${view}: ${rows.length} rows\n${tableOf(rows, columns)}`);
    }
  } finally {
    await knex.destroy();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'soar-feed-bi-'));
try {
  await demo(folder);
} catch (error) {
  process.stderr.write(`The demo failed: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
