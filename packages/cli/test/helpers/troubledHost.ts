import { createFeedHost, createLogger, healthOf } from '@soar-feed/core/runtime';
import type { FeedHost, HostHealth } from '@soar-feed/core/runtime';
import { FeedTokens } from '@soar-feed/core';
import type { Simulator } from '@soar-feed/soar-simulator';
import { storeModule } from '@soar-feed/store';
import { ContainerModule } from 'inversify';
import { fileURLToPath } from 'node:url';
import { startAcme } from './acme.js';
import { appConfig, Site } from './Site.js';
import { until } from './until.js';

const QUEUE = 'actions.201.feed_data';

/** A host in this process that feeds files from a simulated platform, for a test that troubles its state database. */
export interface TroubledHost {
  readonly host: FeedHost;
  readonly site: Site;
  /** Levels and events of what it logged. */
  readonly logged: readonly string[];
  readonly health: HostHealth;
  /** Messages nobody has acknowledged. */
  readonly pending: number;
  /** Makes an incident; gives the name of its file. */
  makeIncident(): Promise<string>;
  stop(): Promise<void>;
}

/** `feeds` goes into the section of that name. */
export async function troubledHost(feeds: Readonly<Record<string, string>> = {}): Promise<TroubledHost> {
  const simulator: Simulator = await startAcme();
  const site = new Site();
  site.makeFolder('files');
  const sections = { feeds: { feed_names: 'files', ...feeds }, files: { class: 'FileFeed', directory: 'files' } };
  site.write('app.config', appConfig(simulator, sections));
  const logged: string[] = [];
  const log = createLogger({
    format: 'json',
    level: 'info',
    destination: {
      write(line: string) {
        const { level, event } = JSON.parse(line) as { level: string; event?: string };
        logged.push(`${level} ${event ?? ''}`.trim());
      },
    },
  });
  const host = await createFeedHost({
    configFile: site.config,
    hostFile: fileURLToPath(import.meta.url),
    modules: ({ config }) => [
      storeModule({ database: config.feeds.stateDb }),
      new ContainerModule(({ bind }) => {
        bind(FeedTokens.Logger).toConstantValue(log);
      }),
    ],
  });
  await host.start();
  return {
    host,
    site,
    logged,
    get health() {
      return healthOf(host.status());
    },
    get pending() {
      return simulator.broker.depth(QUEUE);
    },
    async makeIncident() {
      const org = simulator.org(201);
      const { id } = org.createIncident({ name: 'Troubled', discovered_date: 1_700_000_000_000 });
      await org.settled();
      return `files/incident_${id}.json`;
    },
    async stop() {
      await host.stop(1_000);
      await simulator.stop();
      site.remove();
    },
  };
}

/**
 * What must hold for every trouble: while it lasts, nothing is acknowledged and the host says so; once it is over,
 * everything goes on without a restart.
 */
export async function bears(
  troubled: TroubledHost,
  words: RegExp,
  trouble: {
    begin(): unknown;
    end(): unknown;
    /** Made while it lasts; the first may still fit. Default 2. */ changes?: number;
  },
): Promise<void> {
  const { changes = 2 } = trouble;
  const before = await troubled.makeIncident();
  await until(() => troubled.pending === 0 && troubled.site.has(before), 'a change before the trouble');
  await trouble.begin();
  const during: string[] = [];
  while (during.length < changes) during.push(await troubled.makeIncident());
  await until(() => words.test(troubled.host.status().store.problem ?? ''), 'the host saying what is wrong');
  expectHolds(troubled.pending > 0, 'messages stand unacknowledged');
  expectHolds(words.test(troubled.health.reasons.join()), `health says ${troubled.health.reasons.join()}`);
  expectHolds(troubled.logged.includes('error store.down'), 'the log says it');
  await trouble.end();
  await until(() => troubled.pending === 0, 'the messages acknowledged once the trouble is over', 40_000);
  await until(() => troubled.health.ok, 'the host being well again');
  const after = await troubled.makeIncident();
  await until(() => troubled.pending === 0, 'a change after the trouble');
  for (const file of [...during, after]) expectHolds(troubled.site.has(file), `${file} is there`);
  expectHolds(troubled.logged.includes('info store.up'), 'the log says that it is over');
}

function expectHolds(holds: boolean, what: string): void {
  if (!holds) throw new Error(`does not hold: ${what}`);
}
