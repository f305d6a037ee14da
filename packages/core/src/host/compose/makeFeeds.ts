import type { FeedStore } from '../../contract/FeedStore.js';
import { shownNames } from '../../contract/shownFields.js';
import type { SourceOrg } from '../../contract/SourceOrg.js';
import type { FeedTarget } from '../../contract/FeedTarget.js';
import { FeedTokens } from '../../contract/tokens.js';
import { Feed } from '../../delivery/Feed.js';
import type { FeedOptions } from '../../delivery/FeedOptions.js';
import type { EventWatch } from '../../telemetry/EventWatch.js';
import type { DurablyContext } from '../../parking/durably.js';
import { Parking } from '../../parking/Parking.js';
import type { ShownFeed } from '../../showing/ShownFeed.js';
import type { SourceReader } from '../../source/SourceReader.js';
import type { PreparedFeed, PreparedHost } from '../PreparedHost.js';
import type { HostBasics } from './hostContainer.js';
import { Exchangeable } from './Exchangeable.js';
import { makeTarget } from './makeTarget.js';

const DEFAULT_CONCURRENCY = 16;
/** Events of one feed in memory, per lane and at least; above that, new ones are parked. */
const MAX_QUEUED = { perLane: 64, atLeast: 1_000 };

export interface FeedsContext {
  /** For the store; its signal ends what can wait no longer. */
  readonly durably: DurablyContext;
  /** Hears of every event. */
  readonly watch: EventWatch;
}

/** What stands between a feed and the target of its config. */
export type AroundTarget = (target: FeedTarget, feed: PreparedFeed) => FeedTarget;

/** A feed and its parked rows. */
export interface FeedWithRows {
  readonly feed: Feed;
  readonly parking: Parking;
  /** Opens the target again with another config of its section. Throws as `makeTarget`. */
  readonly renew: (config: unknown) => void;
  /** Absent: the feed does not show itself in the source. */
  readonly shown?: ShownFeed;
}

/** Makes the feeds of the config, each with its own target. Throws as `makeTarget`. */
export function makeFeeds(
  prepared: PreparedHost,
  { root, log, metrics, clock, store }: HostBasics,
  source: SourceReader,
  { durably, watch }: FeedsContext,
  around: AroundTarget = (target) => target,
): readonly FeedWithRows[] {
  if (!root.isBound(FeedTokens.Source)) root.bind<SourceOrg>(FeedTokens.Source).toConstantValue(source);
  const routed = prepared.config.feeds.workspaces !== undefined;
  return prepared.feeds.map((prepared) => {
    const { name } = prepared.section;
    const feedLog = log.child({ feed: name });
    const make = (config: unknown): FeedTarget =>
      around(makeTarget(root, { name, config, log: feedLog }, prepared.definition), prepared);
    const exchangeable = new Exchangeable(make(prepared.config));
    const target = exchangeable.face;
    const parking = new Parking(name, store, durably);
    const services = { target, parking, source, log: feedLog, metrics, clock, watch };
    const feed = new Feed(name, services, { ...optionsOf(prepared, target), routed });
    const renew = (config: unknown): void => {
      const next = make(config);
      feed.renew(() => exchangeable.put(next));
    };
    const shown = prepared.section.engine.showInSource ? { shown: shownFeed(feed, parking, target, store) } : {};
    return { feed, parking, renew, ...shown };
  });
}

function shownFeed(feed: Feed, parking: Parking, target: FeedTarget, store: FeedStore): ShownFeed {
  const { name } = feed;
  return {
    name,
    names: shownNames(name),
    holds: (incidentId) => feed.holds(incidentId),
    parked: (incidentId) => parking.index.countsOf(incidentId),
    last: (incident) => store.settlements.last(name, incident),
    link: async (incident) => target.link?.(incident),
  };
}

function optionsOf({ section: { engine } }: PreparedFeed, target: FeedTarget): FeedOptions {
  const concurrency = engine.concurrency ?? target.capabilities.concurrency ?? DEFAULT_CONCURRENCY;
  return {
    concurrency,
    adaptive: engine.concurrency === undefined,
    ...(engine.quietHours === undefined ? {} : { isQuiet: engine.quietHours }),
    maxAttempts: engine.maxAttempts,
    deliverTimeoutMs: engine.deliverTimeoutMs,
    maxPauseMs: engine.maxPauseMs,
    spillAfterMs: engine.spillAfterMs,
    maxQueued: Math.max(MAX_QUEUED.atLeast, concurrency * MAX_QUEUED.perLane),
  };
}
