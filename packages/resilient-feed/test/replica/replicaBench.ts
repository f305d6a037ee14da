import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FeedTokens } from '@soar-feed/core';
import { createFeedHost, createLogger } from '@soar-feed/core/runtime';
import type { FeedHost, ReloadReport } from '@soar-feed/core/runtime';
import { tempFolder } from '@soar-feed/feed-testkit';
import { demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator, SimulatorOptions, SimOrg } from '@soar-feed/soar-simulator';
import { storeModule } from '@soar-feed/store';
import { ContainerModule } from 'inversify';

export interface ReplicaBenchOptions {
  readonly simulator?: Partial<SimulatorOptions>;
  /** Lines for the sections of the config. */
  readonly feeds?: readonly string[];
  readonly resilient?: readonly string[];
  readonly resilientFeed?: readonly string[];
  readonly sections?: readonly string[];
  readonly log?: 'debug' | 'info' | 'warn' | 'error';
}

export interface ReplicaBench {
  readonly simulator: Simulator;
  readonly source: SimOrg;
  readonly target: SimOrg;
  readonly folder: string;
  readonly configFile: string;
  makeHost(): Promise<FeedHost>;
  stop(): Promise<void>;
}

/** Two simulated organizations and an `app.config` that makes the second a replica of the first. */
export async function replicaBench(options: ReplicaBenchOptions = {}): Promise<ReplicaBench> {
  const orgs = demoOrgs();
  const simulator = await startSimulator({ orgs: [orgs.source, orgs.target], ...options.simulator });
  const temp = await tempFolder();
  const folder = temp.path;
  mkdirSync(join(folder, 'files'));
  const configFile = join(folder, 'app.config');
  const { host, restPort, stompPort, caFile } = simulator;
  const lines = [
    '[resilient]',
    `host=${host}`,
    `port=${restPort}`,
    `stomp_port=${stompPort}`,
    `org=${orgs.source.name}`,
    `api_key_id=key-${orgs.source.id}`,
    `api_key_secret=secret-${orgs.source.id}`,
    `cafile=${caFile}`,
    ...(options.resilient ?? []),
    '[feeds]',
    ...(options.feeds ?? ['feed_names=resilient_feed']),
    '[resilient_feed]',
    'class=ResilientFeed',
    `host=${host}`,
    `port=${restPort}`,
    `org=${orgs.target.name}`,
    `api_key_id=key-${orgs.target.id}`,
    `api_key_secret=secret-${orgs.target.id}`,
    `cafile=${caFile}`,
    'sqlite_sync_file=sync.sqlite3',
    'sync_reference_fields=true',
    'delete_incidents=true',
    ...(options.resilientFeed ?? []),
    ...(options.sections ?? []),
  ];
  writeFileSync(configFile, `${lines.join('\n')}\n`);
  const log = createLogger({ format: 'json', level: options.log ?? 'error' });
  const hosts: FeedHost[] = [];
  return {
    simulator,
    source: simulator.org(orgs.source.id),
    target: simulator.org(orgs.target.id),
    folder,
    configFile,
    async makeHost() {
      const made = await createFeedHost({
        configFile,
        env: {},
        modules: ({ config }) => [
          storeModule({ database: { client: 'sqlite', file: config.feeds.stateDb } }),
          new ContainerModule(({ bind }) => {
            bind(FeedTokens.Logger).toConstantValue(log);
          }),
        ],
      });
      hosts.push(made);
      return made;
    },
    async stop() {
      for (const made of hosts) await made.stop(1_000);
      await simulator.stop();
      await temp.remove();
    },
  };
}

/** Waits until every message that the source queued has been answered and nothing is under way any more. */
export async function caughtUp(
  { source, simulator }: Pick<ReplicaBench, 'source' | 'simulator'>,
  host: FeedHost,
  withinMs = 60_000,
): Promise<void> {
  await source.settled();
  const queue = `actions.${source.id}.feed_data`;
  const deadline = Date.now() + withinMs;
  const pending = () => simulator.broker.depth(queue) + simulator.broker.unacked(queue);
  while (pending() > 0) {
    if (Date.now() > deadline)
      throw new Error(`${pending()} messages are still on ${queue}: ${JSON.stringify(host.status())}`);
    await sleep(20);
  }
  if (!(await host.quiet(deadline - Date.now())))
    throw new Error(`The host does not come to rest: ${JSON.stringify(host.status())}`);
}

export function tally(report: ReloadReport, feed = 'resilient_feed'): ReloadReport['feeds'][string] {
  const found = report.feeds[feed];
  if (found === undefined) throw new Error(`The report knows no feed ${feed}: ${JSON.stringify(report)}`);
  return found;
}
