import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingLogger } from '@soar-feed/feed-testkit';
import type { RecordingLogger } from '@soar-feed/feed-testkit';
import { demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { SimOrg, Simulator, SimulatorOptions } from '@soar-feed/soar-simulator';
import type { Clock } from '../../src/contract/Clock.js';
import { loadHostConfig } from '../../src/config/loadHostConfig.js';
import { Feed } from '../../src/delivery/Feed.js';
import { makeRunning } from '../../src/host/compose/makeRunning.js';
import { FeedHost } from '../../src/host/FeedHost.js';
import { HostQueue } from '../../src/host/HostQueue.js';
import { systemClock } from '../../src/host/systemClock.js';
import { MemoryStore } from '../../src/parking/MemoryStore.js';
import { Parking } from '../../src/parking/Parking.js';
import { PromMetrics } from '../../src/telemetry/metrics.js';
import { ScriptedTarget } from '../delivery/feedBench.js';

export interface HostBench {
  readonly simulator: Simulator;
  readonly org: SimOrg;
  readonly target: ScriptedTarget;
  readonly store: MemoryStore;
  readonly log: RecordingLogger;
  readonly metrics: PromMetrics;
  /** A host on the simulated source with one scripted target; stopped with the bench. */
  host(): FeedHost;
  stop(): Promise<void>;
}

export interface BenchOptions {
  /** Keys of `[feeds]`. */
  readonly feeds?: Readonly<Record<string, string>>;
  readonly simulator?: Partial<SimulatorOptions>;
  readonly clock?: Clock;
}

/** A whole host with everything real but its target; its store is in memory. */
export async function hostBench(options: BenchOptions = {}): Promise<HostBench> {
  const { source } = demoOrgs();
  const { autoTasks: _, ...quiet } = source;
  const simulator = await startSimulator({ orgs: [quiet], ...options.simulator });
  const folder = await mkdtemp(join(tmpdir(), 'soar-feed-host-'));
  const file = join(folder, 'app.config');
  const feeds = { feed_names: 'one', state_db: 'state.db', ...options.feeds };
  const lines = [
    ...['[resilient]', `host=${simulator.host}`, `port=${simulator.restPort}`, `stomp_port=${simulator.stompPort}`],
    ...[`cafile=${simulator.caFile}`, `org=${source.name}`, 'api_key_id=key-201', 'api_key_secret=secret-201'],
    ...[
      '',
      '[feeds]',
      ...Object.entries(feeds).map(([key, value]) => `${key}=${value}`),
      '',
      '[one]',
      'class=Scripted',
    ],
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  const config = loadHostConfig(file, {});
  const log = recordingLogger();
  const store = new MemoryStore();
  const target = new ScriptedTarget();
  const metrics = new PromMetrics();
  const clock = options.clock ?? systemClock;
  const hosts: FeedHost[] = [];
  return {
    ...{ simulator, org: simulator.org(source.id), target, store, log, metrics },
    host() {
      const basics = { log, metrics, clock, store };
      const queue = new HostQueue({
        ...basics,
        connection: config.resilient.connection,
        queueName: config.feeds.queue,
      });
      const host = new FeedHost(
        { config, feeds: [], warnings: [] },
        {
          ...basics,
          queue,
          prepareAgain: () => Promise.reject(new Error('The bench has no packages to prepare.')),
          makeRunning: (context) =>
            makeRunning(config, basics, context, (reader) => {
              const parking = new Parking('one', store, context.durably);
              const services = { target, parking, source: reader, log, metrics, clock };
              const limits = { concurrency: 2, maxAttempts: 2, deliverTimeoutMs: 10_000, spillAfterMs: 30_000 };
              return [
                { feed: new Feed('one', services, { ...limits, maxQueued: 100 }), parking, renew: () => undefined },
              ];
            }),
        },
      );
      hosts.push(host);
      return host;
    },
    async stop() {
      for (const host of hosts) await host.stop(0);
      await simulator.stop();
      await rm(folder, { recursive: true });
    },
  };
}
