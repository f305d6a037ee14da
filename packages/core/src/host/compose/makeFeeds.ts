import type { SourceOrg } from '../../contract/SourceOrg.js';
import type { FeedTarget } from '../../contract/FeedTarget.js';
import { FeedTokens } from '../../contract/tokens.js';
import { Feed } from '../../delivery/Feed.js';
import type { FeedOptions } from '../../delivery/FeedOptions.js';
import type { DurablyContext } from '../../parking/durably.js';
import { Parking } from '../../parking/Parking.js';
import type { SourceReader } from '../../source/SourceReader.js';
import type { PreparedFeed, PreparedHost } from '../PreparedHost.js';
import type { HostBasics } from './hostContainer.js';
import { makeTarget } from './makeTarget.js';

const DEFAULT_CONCURRENCY = 16;
/** Events of one feed in memory, per lane and at least; above that, new ones are parked. */
const MAX_QUEUED = { perLane: 64, atLeast: 1_000 };

/** A feed and its parked rows. */
export interface FeedWithRows {
  readonly feed: Feed;
  readonly parking: Parking;
}

/** Makes the feeds of the config, each with its own target. Throws as `makeTarget`. */
export function makeFeeds(
  prepared: PreparedHost,
  { root, log, metrics, clock, store }: HostBasics,
  source: SourceReader,
  durably: DurablyContext,
): readonly FeedWithRows[] {
  if (!root.isBound(FeedTokens.Source)) root.bind<SourceOrg>(FeedTokens.Source).toConstantValue(source);
  const routed = prepared.config.feeds.workspaces !== undefined;
  return prepared.feeds.map((prepared) => {
    const { name } = prepared.section;
    const feedLog = log.child({ feed: name });
    const target = makeTarget(root, { name, config: prepared.config, log: feedLog }, prepared.definition);
    const parking = new Parking(name, store, durably);
    const services = { target, parking, source, log: feedLog, metrics, clock };
    return { feed: new Feed(name, services, { ...optionsOf(prepared, target), routed }), parking };
  });
}

function optionsOf({ section: { engine } }: PreparedFeed, target: FeedTarget): FeedOptions {
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
