import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FeedTokens } from '@soar-feed/core';
import { createFeedHost, PromMetrics } from '@soar-feed/core/runtime';
import type { FeedHost, ReloadReport } from '@soar-feed/core/runtime';
import { recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import type { RecordingLogger } from '@soar-feed/feed-testkit';
import { compareOrgs, demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type {
  BrokerReply,
  Comparison,
  OrgOptions,
  Simulator,
  SimulatorOptions,
  SimOrg,
} from '@soar-feed/soar-simulator';
import { storeModule } from '@soar-feed/store';
import { ContainerModule } from 'inversify';

export interface ReplicaBenchOptions {
  readonly simulator?: Partial<SimulatorOptions>;
  readonly source?: Partial<OrgOptions>;
  readonly target?: Partial<OrgOptions>;
  /** `key=value` lines that replace or join those of the section; an empty value stands as it is. */
  readonly feeds?: readonly string[];
  readonly resilient?: readonly string[];
  readonly resilientFeed?: readonly string[];
  /** Whole further sections; `{folder}` stands for the bench's folder. */
  readonly sections?: readonly string[];
  /** A bench whose platform this one shares, the other way round: its target is the source here. */
  readonly oppositeTo?: ReplicaBench;
}

export interface ReplicaBench {
  readonly simulator: Simulator;
  readonly source: SimOrg;
  readonly target: SimOrg;
  readonly folder: string;
  readonly configFile: string;
  /** What every host of the bench logged. */
  readonly log: RecordingLogger;
  readonly metrics: PromMetrics;
  makeHost(): Promise<FeedHost>;
  stop(): Promise<void>;
}

/** Two simulated organizations and an `app.config` that makes the second a replica of the first. */
export async function replicaBench(options: ReplicaBenchOptions = {}): Promise<ReplicaBench> {
  const { oppositeTo } = options;
  const orgs = oppositeTo === undefined ? demoOrgs() : swapped(demoOrgs());
  const source = { ...orgs.source, ...options.source };
  const target = { ...orgs.target, ...options.target };
  const simulator = oppositeTo?.simulator ?? (await startSimulator({ orgs: [source, target], ...options.simulator }));
  const temp = await tempFolder();
  const folder = temp.path;
  const configFile = join(folder, 'app.config');
  const place = { host: simulator.host, port: simulator.restPort, cafile: simulator.caFile };
  const login = ({ name, id }: OrgOptions) => ({ org: name, api_key_id: `key-${id}`, api_key_secret: `secret-${id}` });
  const mapping = { sqlite_sync_file: 'sync.sqlite3', sync_reference_fields: true, delete_incidents: true };
  const sections = [
    section('resilient', { ...place, stomp_port: simulator.stompPort, ...login(source) }, options.resilient),
    section('feeds', { feed_names: 'resilient_feed' }, options.feeds),
    section(
      'resilient_feed',
      { class: 'ResilientFeed', ...place, ...login(target), ...mapping },
      options.resilientFeed,
    ),
    ...(options.sections ?? []).map((line) => line.replaceAll('{folder}', folder)),
  ];
  writeFileSync(configFile, `${sections.join('\n')}\n`);
  const log = recordingLogger();
  const metrics = new PromMetrics();
  const hosts: FeedHost[] = [];
  return {
    simulator,
    source: simulator.org(source.id),
    target: simulator.org(target.id),
    folder,
    configFile,
    log,
    metrics,
    async makeHost() {
      const made = await createFeedHost({
        configFile,
        env: {},
        modules: ({ config }) => [
          storeModule({ database: config.feeds.stateDb }),
          new ContainerModule(({ bind }) => {
            bind(FeedTokens.Logger).toConstantValue(log);
            bind(FeedTokens.Metrics).toConstantValue(metrics);
          }),
        ],
      });
      hosts.push(made);
      return made;
    },
    async stop() {
      for (const made of hosts) await made.stop(1_000);
      if (oppositeTo === undefined) await simulator.stop();
      await temp.remove();
    },
  };
}

function swapped<Org>({ source, target }: { readonly source: Org; readonly target: Org }): {
  readonly source: Org;
  readonly target: Org;
} {
  return { source: target, target: source };
}

function section(name: string, values: Readonly<Record<string, unknown>>, lines: readonly string[] = []): string {
  const given = lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
  const all = Object.entries({ ...values, ...(Object.fromEntries(given) as Record<string, string>) });
  return [`[${name}]`, ...all.map(([key, value]) => `${key}=${String(value)}`)].join('\n');
}

/** The two orgs, judged from their dumps alone; what may differ is `inherentDifferences` of the simulator. */
export function compared({
  simulator,
  source,
  target,
}: ReplicaBench): Pick<Comparison, 'missing' | 'doubled' | 'different'> {
  const { missing, doubled, different } = compareOrgs(simulator.dump(source.id), simulator.dump(target.id));
  return { missing, doubled, different };
}

export const IDENTICAL = { missing: [], doubled: [], different: [] };

/** Waits for a condition until the deadline. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 60_000,
  context: () => unknown = () => '',
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms. ${JSON.stringify(context())}`);
    await sleep(20);
  }
}

/** Waits until every message that the source queued has been answered and nothing is under way any more. */
export async function caughtUp(
  { source, simulator }: Pick<ReplicaBench, 'source' | 'simulator'>,
  host: FeedHost,
  withinMs = 60_000,
): Promise<void> {
  await source.settled();
  const queue = queueOf(source);
  const deadline = Date.now() + withinMs;
  const pending = () => simulator.broker.depth(queue) + simulator.broker.unacked(queue);
  await until(
    `the queue ${queue} is empty`,
    () => pending() === 0,
    withinMs,
    () => host.status(),
  );
  if (!(await host.quiet(deadline - Date.now())))
    throw new Error(`The host does not come to rest: ${JSON.stringify(host.status())}`);
}

/** Puts a message of the test's own on the source's queue; resolves with the final answer to it. */
export async function sendRaw(
  { simulator, source }: Pick<ReplicaBench, 'source' | 'simulator'>,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ readonly message_type: number; readonly message: string; readonly complete: boolean }> {
  const correlation = `raw:${simulator.broker.replies.length}:${performance.now()}`;
  await simulator.broker.publish({
    destination: queueOf(source),
    headers: {
      'reply-to': `/queue/acks.${source.id}.feed_data`,
      'correlation-id': correlation,
      Co3MessagePayload: 'ActionDataDTO',
      Co3ContentType: 'application/json',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const answers = (): readonly BrokerReply[] =>
    simulator.broker.replies.filter((reply) => reply.headers['correlation-id'] === correlation);
  await until(`the message is answered: ${JSON.stringify(body).slice(0, 80)}`, () => answers().length > 0);
  expectOne(answers().length);
  return JSON.parse(answers()[0]?.body ?? '') as Awaited<ReturnType<typeof sendRaw>>;
}

function expectOne(answers: number): void {
  if (answers !== 1) throw new Error(`${answers} answers to one message`);
}

/** The value of a counter or gauge; 0 where it was never touched. */
export async function metric(
  { metrics }: Pick<ReplicaBench, 'metrics'>,
  name: string,
  labels: Readonly<Record<string, string>>,
): Promise<number> {
  const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  const lines = (await metrics.text()).split('\n').filter((line) => line.startsWith(`${name}{`));
  const found = lines.filter((line) => wanted.every((label) => line.includes(label)));
  return found.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}

function queueOf(source: SimOrg): string {
  return `actions.${source.id}.feed_data`;
}

export function tally(report: ReloadReport, feed = 'resilient_feed'): ReloadReport['feeds'][string] {
  const found = report.feeds[feed];
  if (found === undefined) throw new Error(`The report knows no feed ${feed}: ${JSON.stringify(report)}`);
  return found;
}
