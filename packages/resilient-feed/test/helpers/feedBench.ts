import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  Clock,
  DeliverContext,
  DeliveryResult,
  FeedEvent,
  ObjectKey,
  OpenContext,
  SourceOrg,
} from '@soar-feed/core';
import { recordingLogger, tempFolder } from '@soar-feed/feed-testkit';
import type { RecordingLogger } from '@soar-feed/feed-testkit';
import { SoarClient } from '@soar-feed/soar-client';
import type { SoarConnection } from '@soar-feed/soar-client';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { OrgOptions, SimOrg, Simulator, SimulatorOptions } from '@soar-feed/soar-simulator';
import { openDatabase } from '@soar-feed/store';
import type { DatabaseConfig } from '@soar-feed/store';
import type { ResilientFeedSettings } from '../../src/config.js';
import { ExcludedFields } from '../../src/fields/ExcludedFields.js';
import { parseCriteria } from '../../src/filter/parseCriteria.js';
import { KnexMappingStore } from '../../src/mapping/KnexMappingStore.js';
import { ResilientFeed } from '../../src/ResilientFeed.js';
import { SourceEvents } from './SourceEvents.js';

export const systemClock: Clock = {
  now: () => Date.now(),
  steadyMs: () => performance.now(),
  sleep: async (ms, signal) => {
    await sleep(ms, undefined, signal === undefined ? {} : { signal });
  },
};

const table = {
  name: 'hosts',
  label: 'Affected hosts',
  columns: [
    { name: 'host', inputType: 'text' as const },
    { name: 'state', inputType: 'select' as const, options: ['Clean', 'Infected'] },
    { name: 'alerts', inputType: 'number' as const },
  ],
};

export const sourceOptions: OrgOptions = {
  id: 201,
  name: 'Source',
  feedQueue: false,
  incidentDeletionAllowed: true,
  users: [{ email: 'ada@example.com' }, { email: 'only-here@example.com' }],
  schema: {
    incidentFields: [
      { name: 'ticket', inputType: 'text' },
      { name: 'risk', inputType: 'select', options: ['Low', 'High'] },
      { name: 'source_only', inputType: 'text' },
      { name: 'df_org_id', inputType: 'number' },
      { name: 'df_inc_id', inputType: 'number' },
      { name: 'df_host', inputType: 'text' },
    ],
    tables: [table, { name: 'source_table', columns: [{ name: 'what', inputType: 'text' }] }],
    artifactTypes: [{ name: 'Badge ID', programmaticName: 'badge_id' }],
  },
};

export const targetOptions: OrgOptions = {
  id: 202,
  name: 'Target',
  feedQueue: false,
  incidentDeletionAllowed: true,
  users: [{ email: 'zoe@example.com' }, { email: 'ada@example.com' }],
  schema: {
    incidentFields: [
      { name: 'df_org_id', inputType: 'number' },
      { name: 'df_inc_id', inputType: 'number' },
      { name: 'df_host', inputType: 'text' },
      { name: 'risk', inputType: 'select', options: ['High', 'Low'] },
      { name: 'ticket', inputType: 'text' },
    ],
    tables: [table],
  },
};

export interface BenchOptions extends Omit<Partial<SimulatorOptions>, 'orgs'> {
  readonly source?: Partial<OrgOptions>;
  readonly target?: Partial<OrgOptions>;
}

export type FeedSettings = Partial<ResilientFeedSettings> & { readonly filter?: string };

/** Two simulated orgs, the feed between them, and its mapping in a real file. */
export class FeedBench {
  static async start({ source, target, ...options }: BenchOptions = {}): Promise<FeedBench> {
    const orgs = [
      { ...sourceOptions, ...source },
      { ...targetOptions, ...target },
    ];
    const simulator = await startSimulator({ ...options, orgs });
    const folder = await tempFolder();
    return new FeedBench(simulator, folder, await SourceEvents.connect(connectionOf(simulator, 201)));
  }

  readonly log: RecordingLogger = recordingLogger();
  readonly source: SimOrg;
  readonly target: SimOrg;
  /** Incidents that a feed, on opening, asked to have loaded whole. */
  readonly resyncs: ObjectKey[] = [];
  /** The clock of the feeds made from now on. */
  clock: Clock = systemClock;
  /** What the feeds are told about the source instead. */
  sourceMore: Partial<SourceOrg> = {};
  private readonly feeds: ResilientFeed[] = [];

  private constructor(
    readonly simulator: Simulator,
    private readonly folder: Awaited<ReturnType<typeof tempFolder>>,
    readonly events: SourceEvents,
  ) {
    this.source = simulator.org(201);
    this.target = simulator.org(202);
  }

  get mapping(): DatabaseConfig {
    return { client: 'sqlite', file: this.folder.file('mapping.db') };
  }

  /** A feed on the bench's mapping file, open. */
  async feed({
    concurrency,
    ...settings
  }: FeedSettings & Pick<OpenContext, 'concurrency'> = {}): Promise<ResilientFeed> {
    const feed = this.makeFeed(settings);
    await feed.open(this.opening(concurrency));
    return feed;
  }

  /** As core does after the target was away. */
  async reopen(feed: ResilientFeed): Promise<void> {
    await feed.close();
    await feed.open(this.opening());
  }

  private opening(concurrency?: number): OpenContext {
    return {
      ...(concurrency === undefined ? {} : { concurrency }),
      signal: new AbortController().signal,
      resync: async (incident) => void this.resyncs.push(incident),
    };
  }

  makeFeed({ filter = '', ...others }: FeedSettings = {}): ResilientFeed {
    const all: ResilientFeedSettings = {
      connection: connectionOf(this.simulator, 202),
      mapping: this.mapping,
      criteria: filter === '' ? { combine: 'all', clauses: [], notes: [] } : parseCriteria(filter, 'all'),
      exclude: ExcludedFields.none,
      syncReferenceFields: true,
      deleteIncidents: true,
      keepAuthor: false,
      emails: 'none',
      createSettleMs: 60_000,
      bundleCreates: true,
      maxConcurrency: 64,
      onUnmatch: 'freeze',
      onTargetMissing: 'recreate',
      ...others,
    };
    const mapping = new KnexMappingStore(all.mapping);
    const { client } = this.events;
    const source = {
      host: this.simulator.host,
      orgId: 201,
      ...(client.org.uuid === undefined ? {} : { orgUuid: client.org.uuid }),
      principalId: client.principal.id,
      types: () => this.events.allTypes(),
      fetch: async (key: ObjectKey) => client.incidents.get(key.objectId),
      serverClock: client.clock,
      notes: async (incidentId: number) => client.notes.list({ incidentId }),
      tasks: async (incidentId: number) => client.tasks.list(incidentId, { wantNotes: true }),
      ...this.sourceMore,
    };
    const services = { mapping, name: 'resilient_feed', source, log: this.log, clock: this.clock };
    const feed = new ResilientFeed(all, services);
    this.feeds.push(feed);
    return feed;
  }

  /** What else our own account does in the target. */
  async asTargetLogin<T>(work: (client: SoarClient) => Promise<T>): Promise<T> {
    const client = await SoarClient.connect(connectionOf(this.simulator, 202));
    try {
      return await work(client);
    } finally {
      await client.close();
    }
  }

  /** Deletes the mapping's file while no feed is open. */
  async loseMapping(): Promise<void> {
    const { mapping } = this;
    if (mapping.client === 'sqlite')
      for (const end of ['', '-wal', '-shm']) await rm(`${mapping.file}${end}`, { force: true });
  }

  /** As if the mapping were restored, beside the feed, from a backup that does not have this incident. */
  async putBackWithout(incidentId: number): Promise<void> {
    const { knex, close } = await openDatabase(this.mapping);
    await knex('data_feeder_sync').where({ org1_inc_id: incidentId }).delete();
    await knex('soar_feed_generations').update({ commits: 0 });
    await close();
  }

  makeConnection(orgId: number): SoarConnection {
    return connectionOf(this.simulator, orgId);
  }

  /** Does what a host does: also waits for what must be committed. */
  async deliver(
    feed: ResilientFeed,
    event: FeedEvent,
    attempt = 1,
    more: Pick<DeliverContext, 'following'> = {},
  ): Promise<DeliveryResult> {
    const context = { signal: new AbortController().signal, attempt, log: this.log, ...more };
    const result = await feed.deliver(event, context);
    if (result.status !== 'delivered') return result;
    const { committed, ...rest } = result;
    await committed;
    return rest;
  }

  async deliverAll(feed: ResilientFeed, events: readonly FeedEvent[]): Promise<DeliveryResult[]> {
    const results: DeliveryResult[] = [];
    for (const event of events) results.push(await this.deliver(feed, event));
    return results;
  }

  /** One incident as a reload brings it: its objects are known when it is delivered. */
  async deliverWhole(feed: ResilientFeed, [incident, ...below]: readonly FeedEvent[]): Promise<DeliveryResult[]> {
    const following = async (): Promise<readonly FeedEvent[]> => below.filter(({ key }) => key.type !== 'incident');
    const first = await this.deliver(feed, incident as FeedEvent, 1, { following });
    return [first, ...(await this.deliverAll(feed, below))];
  }

  /** Requests to the target org while `work` runs. */
  async requests(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.simulator.requests.log.length;
    await work();
    return this.simulator.requests.log
      .slice(before)
      .filter((entry) => entry.org === 202)
      .map((entry) => `${entry.method} ${entry.path.replace(/^.*\/orgs\/202/, '').replace(/\d+/g, 'N')}`);
  }

  async stop(): Promise<void> {
    for (const feed of this.feeds) await feed.close();
    await this.events.client.close();
    await this.simulator.stop();
    await this.folder.remove();
  }
}

function connectionOf(simulator: Simulator, orgId: number): SoarConnection {
  return {
    host: simulator.host,
    port: simulator.restPort,
    org: String(orgId),
    apiKeyId: `key-${orgId}`,
    apiKeySecret: `secret-${orgId}`,
    cafile: simulator.caFile,
    retries: { max: 0, delayMs: 1, backoff: 1 },
  };
}
