import 'reflect-metadata';
import { Container } from 'inversify';
import type { ContainerModule } from 'inversify';
import type { Clock } from '../contract/Clock.js';
import type { FeedStore } from '../contract/FeedStore.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import type { SourceOrg } from '../contract/SourceOrg.js';
import { FeedTokens } from '../contract/tokens.js';
import { Feed } from '../delivery/Feed.js';
import { MemoryStore } from '../parking/MemoryStore.js';
import { Parking } from '../parking/Parking.js';
import type { DurablyContext } from '../parking/durably.js';
import type { SourceReader } from '../source/SourceReader.js';
import { createLogger } from '../telemetry/createLogger.js';
import { PromMetrics } from '../telemetry/metrics.js';
import { makeTarget } from './feedContainer.js';
import { FeedHost } from './FeedHost.js';
import type { FeedWithRows } from './makeRunning.js';
import type { PreparedFeed, PreparedHost, PrepareOptions } from './prepareHost.js';
import { prepareHost } from './prepareHost.js';
import { systemClock } from './systemClock.js';

const DEFAULT_CONCURRENCY = 16;
/** Events of one feed in memory for each incident served at once, and for all; beyond, further ones are parked. */
const MAX_QUEUED = { perLane: 64, atLeast: 1_000 };

export interface HostOptions extends PrepareOptions {
  /** Rebind Store, Logger, Metrics or Clock; called once the config is read. */
  readonly modules?: (prepared: PreparedHost) => readonly ContainerModule[];
}

/**
 * The composition root: reads the config, loads the targets and wires a host; nothing is connected before its `start`.
 * Without a module that binds a store, parked events are kept in memory and are gone with the process.
 * Throws `ConfigError` with every problem of the file and its packages.
 */
export async function createFeedHost(options: HostOptions): Promise<FeedHost> {
  const prepared = await prepareHost(options);
  const root = new Container();
  for (const module of options.modules?.(prepared) ?? []) root.load(module);
  bindDefaults(root, prepared);

  const log = root.get<Logger>(FeedTokens.Logger);
  const metrics = root.get<Metrics>(FeedTokens.Metrics);
  const clock = root.get<Clock>(FeedTokens.Clock);
  const store = root.get<FeedStore>(FeedTokens.Store);
  const makeFeeds = (source: SourceReader, context: DurablyContext): readonly FeedWithRows[] => {
    if (!root.isBound(FeedTokens.Source)) root.bind<SourceOrg>(FeedTokens.Source).toConstantValue(source);
    return prepared.feeds.map((feed) => {
      const { name, engine } = feed.section;
      const feedLog = log.child({ feed: name });
      const target = makeTarget(root, { name, config: feed.config, log: feedLog }, feed.definition);
      const parking = new Parking(name, store, context);
      const options = { ...feedOptions(feed, target, engine), routed: prepared.config.feeds.workspaces !== undefined };
      return { feed: new Feed(name, { target, parking, source, log: feedLog, metrics, clock }, options), parking };
    });
  };
  return new FeedHost(prepared, { log, metrics, clock, store, makeFeeds });
}

function bindDefaults(root: Container, { config }: PreparedHost): void {
  if (!root.isBound(FeedTokens.Clock)) root.bind<Clock>(FeedTokens.Clock).toConstantValue(systemClock);
  if (!root.isBound(FeedTokens.Metrics)) root.bind<Metrics>(FeedTokens.Metrics).toConstantValue(new PromMetrics());
  if (!root.isBound(FeedTokens.Logger)) {
    root
      .bind<Logger>(FeedTokens.Logger)
      .toConstantValue(createLogger({ format: 'json', level: config.resilient.logLevel, redactor: config.redactor }));
  }
  if (root.isBound(FeedTokens.Store)) return;
  root.bind<FeedStore>(FeedTokens.Store).toConstantValue(new MemoryStore());
  root
    .get<Logger>(FeedTokens.Logger)
    .warn('No durable store is configured: parked events are kept in memory and are lost with the process.', {
      event: 'store.memory',
    });
}

function feedOptions(
  feed: PreparedFeed,
  target: FeedTarget,
  engine: PreparedFeed['section']['engine'],
): ConstructorParameters<typeof Feed>[2] {
  const concurrency = engine.concurrency ?? target.capabilities.concurrency ?? DEFAULT_CONCURRENCY;
  return {
    concurrency,
    maxAttempts: engine.maxAttempts,
    deliverTimeoutMs: engine.deliverTimeoutMs,
    maxPauseMs: engine.maxPauseMs,
    spillAfterMs: engine.spillAfterMs,
    maxQueued: Math.max(MAX_QUEUED.atLeast, concurrency * MAX_QUEUED.perLane),
  };
}
