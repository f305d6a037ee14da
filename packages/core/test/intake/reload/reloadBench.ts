import type { CheckpointStore, Clock, FeedEvent, FeedStore } from '@soar-feed/core';
import { keyText, StoppingError } from '@soar-feed/core';
import { recordingLogger } from '@soar-feed/feed-testkit';
import type { RecordingLogger } from '@soar-feed/feed-testkit';
import { SoarClient } from '@soar-feed/soar-client';
import { demoOrgs, startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator, SimulatorOptions, SimOrg } from '@soar-feed/soar-simulator';
import { feedsSection, toFeedsSettings } from '../../../src/config/feedsSection.js';
import { Feed } from '../../../src/delivery/Feed.js';
import type { FeedOptions } from '../../../src/delivery/FeedOptions.js';
import { systemClock } from '../../../src/host/systemClock.js';
import { ReloadIntake } from '../../../src/intake/reload/ReloadIntake.js';
import { Reloads } from '../../../src/intake/reload/Reloads.js';
import { MemoryStore } from '../../../src/parking/MemoryStore.js';
import { Parking } from '../../../src/parking/Parking.js';
import { RowReturn } from '../../../src/parking/return/RowReturn.js';
import { FeedRouter } from '../../../src/routing/FeedRouter.js';
import { TypeCatalog } from '../../../src/shape/TypeCatalog.js';
import { EventFactory } from '../../../src/source/EventFactory.js';
import { openPatiently } from '../../../src/source/patience/openIncidents.js';
import { SourceReader } from '../../../src/source/SourceReader.js';
import { PromMetrics } from '../../../src/telemetry/metrics.js';
import { ScriptedTarget } from '../../delivery/feedBench.js';

export interface Source {
  readonly simulator: Simulator;
  readonly org: SimOrg;
  readonly client: SoarClient;
  readonly catalog: TypeCatalog;
  /** Incidents with a note, a task with a note and an artifact each; their ids. */
  fill(incidents: number): number[];
  stop(): Promise<void>;
}

/** One simulated organization and a client of it. */
export async function startSource(options: Partial<SimulatorOptions> = {}): Promise<Source> {
  const { source } = demoOrgs();
  const { autoTasks: _, ...quiet } = source;
  const simulator = await startSimulator({ orgs: [quiet], ...options });
  const { host, restPort: port, caFile: cafile } = simulator;
  const login = { apiKeyId: 'key-201', apiKeySecret: 'secret-201' };
  const client = await SoarClient.connect({ host, port, cafile, org: source.name, ...login });
  const org = simulator.org(source.id);
  return {
    simulator,
    org,
    client,
    catalog: new TypeCatalog(async () => Object.values(await client.types.all()), systemClock),
    fill: (incidents) => Array.from({ length: incidents }, (_, at) => fillOne(org, at)),
    async stop() {
      await client.close();
      await simulator.stop();
    },
  };
}

function fillOne(org: SimOrg, at: number): number {
  const { id } = org.createIncident({ name: `Incident ${at}`, discovered_date: 1_763_000_000_000 });
  org.addNote({ incidentId: id }, 'Of the incident');
  const task = org.createTask(id, { name: `Task of ${id}`, phase_id: 'Initial' });
  org.addNote({ taskId: task.id }, 'Of the task');
  org.addArtifact(id, { type: 'String', value: `value ${id}` });
  return id;
}

export interface EngineOptions {
  readonly clock?: Clock;
  readonly store?: FeedStore;
  readonly feeds?: readonly string[];
  /** Keys of `[feeds]`. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly target?: (feed: string) => ScriptedTarget;
  readonly feedOptions?: Partial<FeedOptions>;
}

export interface Engine {
  readonly store: FeedStore;
  readonly log: RecordingLogger;
  readonly feeds: readonly Feed[];
  /** The parked rows of each feed, and their way back, not started. */
  readonly rows: readonly { readonly parking: Parking; readonly back: RowReturn }[];
  readonly targets: ReadonlyMap<string, ScriptedTarget>;
  readonly reloads: Reloads;
  readonly source: SourceReader;
  readonly events: EventFactory;
  /** Hands a change over as the queue does; resolves at its end. */
  bring(
    type: string,
    objectId: number,
    incidentId: number,
    payload: FeedEvent['payload'],
    operation?: FeedEvent['operation'],
  ): Promise<unknown>;
  /** As `stop` of a host: drains, parks the rest. */
  stop(): Promise<void>;
  /** This engine writes nothing more, whatever is still under way. */
  crash(): void;
}

/** A reload with everything real but the target, the store in memory. */
export async function makeEngine(source: Source, options: EngineOptions = {}): Promise<Engine> {
  const { client, catalog } = source;
  const { clock = systemClock } = options;
  const log = recordingLogger();
  const shared = options.store ?? new MemoryStore();
  await shared.open();
  let crashed = false;
  const store = guarded(shared, () => crashed);
  const stopping = new AbortController();
  const giveUp = new AbortController();
  const context = { clock, log, health: { problem: undefined as string | undefined }, signal: giveUp.signal };
  const events = new EventFactory(client);
  const reader = new SourceReader(client, catalog, events, clock);
  const targets = new Map<string, ScriptedTarget>();
  const settings = toFeedsSettings(
    feedsSection.parse({ feed_names: 'one', state_db: 'x', reload_page_size: '4', ...options.settings }),
  );
  const made = (options.feeds ?? ['one']).map((name) => {
    const target = options.target?.(name) ?? new ScriptedTarget();
    targets.set(name, target);
    const parking = new Parking(name, store, context);
    const services = { target, parking, source: reader, log, metrics: new PromMetrics(), clock };
    const feed = new Feed(name, services, {
      ...{ concurrency: 2, maxAttempts: 2, deliverTimeoutMs: 10_000, spillAfterMs: 30_000, maxQueued: 100 },
      ...options.feedOptions,
    });
    const resync = async (): Promise<void> => undefined;
    const soon = { everyMs: 5, parentGraceMs: 5 };
    const back = new RowReturn({ feed, parking, source: reader, log, clock, resync, ...soon });
    return { feed, parking, back };
  });
  const feeds = made.map(({ feed }) => feed);
  const router = new FeedRouter(feeds, undefined);
  const intake = new ReloadIntake({
    client,
    catalog,
    events,
    openIncidents: openPatiently({ client, catalog, source: reader, log, clock }),
    router,
    log,
    clock,
    pageSize: settings.reloadPageSize,
  });
  const reloads = new Reloads({
    intake,
    feeds,
    settings,
    checkpoints: store.checkpoints,
    durably: context,
    log,
    clock,
    sourceClock: client.clock,
    signal: stopping.signal,
  });
  for (const feed of feeds) await feed.start();
  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    stopping.abort();
    await Promise.all(feeds.map((feed) => feed.stop(0)));
    await reloads.stop();
    giveUp.abort();
  };
  return {
    ...{ store: shared, log, feeds, rows: made, targets, reloads, source: reader, events },
    async bring(type, objectId, incidentId, payload, operation = 'upsert') {
      const schema = await catalog.named(type);
      if (schema === undefined) throw new Error(`no type ${type}`);
      const facts = {
        origin: 'queue',
        operation,
        schema,
        payload,
        objectId,
        incidentId,
        workspace: 'Default workspace',
      } as const;
      const event = events.make({
        id: `message:${type}:${objectId}:${String(Math.random())}`,
        observedAtMs: clock.now() + source.org.clockOffsetMs,
        ...facts,
      });
      return Promise.all(feeds.map((feed) => feed.accept(event)));
    },
    stop: () => (stopped ??= stop()),
    crash: () => {
      crashed = true;
      stopping.abort();
      giveUp.abort();
      stopped ??= stop().catch(() => undefined);
    },
  };
}

/** After a crash nothing reaches the store. */
function guarded(store: FeedStore, isCrashed: () => boolean): FeedStore {
  const guard = <Part extends object>(part: Part): Part =>
    new Proxy(part, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: readonly unknown[]): unknown => {
          if (isCrashed()) return Promise.reject(new StoppingError());
          return Reflect.apply(value as (...args: readonly unknown[]) => unknown, target, args);
        };
      },
    });
  return {
    ...bound(store),
    parked: guard(store.parked),
    settlements: guard(store.settlements),
    checkpoints: guard(store.checkpoints),
    outcomes: guard(store.outcomes),
  };
}

function bound(store: FeedStore): Pick<FeedStore, 'open' | 'close'> {
  return { open: () => store.open(), close: () => store.close() };
}

/** The checkpoint of the one run that a store knows, read as tests need it. */
export function watchCheckpoints(store: FeedStore, onWrite: (incidentId: number) => void): void {
  const { checkpoints } = store;
  const write = checkpoints.write.bind(checkpoints);
  const watched: CheckpointStore['write'] = async (name, at) => {
    if (name.startsWith('reload run')) onWrite(at.incidentId);
    await write(name, at);
  };
  Object.assign(checkpoints, { write: watched });
}

export function byKey(events: readonly FeedEvent[]): readonly string[] {
  return events.map(({ key, operation }) => `${operation} ${keyText(key)}`);
}

/** Resolves when `condition` holds. */
export async function until(condition: () => boolean, what: string, withinMs = 15_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
