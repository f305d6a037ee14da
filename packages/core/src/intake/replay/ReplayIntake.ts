import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import { keyText } from '../../contract/ObjectKey.js';
import type { Feed } from '../../delivery/Feed.js';
import type { SourceReader } from '../../source/SourceReader.js';

export interface ReplayServices {
  readonly feeds: readonly Feed[];
  readonly source: SourceReader;
  /** Loads one incident whole into one feed. Rejects when it could not be read. */
  readonly resync: (feed: Feed, incidentId: number) => Promise<void>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly everyMs?: number;
  /** How long a missing parent may still come by itself before it is fetched. */
  readonly parentGraceMs?: number;
}

/**
 * Brings parked rows back, each to its own feed: the deferred ones in line once the feed is up, what waits for a parent
 * nobody brings, and the incidents that must be loaded whole.
 */
export class ReplayIntake {
  private readonly stopping = new AbortController();
  /** When a missing parent was first missed, per feed and key. */
  private readonly missed = new Map<string, number>();
  private loop: Promise<void> | undefined;

  constructor(private readonly services: ReplayServices) {}

  start(): void {
    this.loop = Promise.all(this.services.feeds.map((feed) => this.run(feed))).then(() => undefined);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** Each feed by itself: one that has no room must not hold up the rows of another. */
  private async run(feed: Feed): Promise<void> {
    const { clock, log, everyMs = 250 } = this.services;
    while (!this.stopping.signal.aborted) {
      await clock.sleep(everyMs, this.stopping.signal).catch(() => undefined);
      try {
        await this.turn(feed);
      } catch (error) {
        if (!(error instanceof StoppingError) && !this.stopping.signal.aborted) {
          log.warn(`Parked rows of ${feed.name} could not be brought back now: ${String(error)}`, { feed: feed.name });
        }
      }
    }
  }

  private async turn(feed: Feed): Promise<void> {
    if (this.stopping.signal.aborted || !feed.takesReplays || feed.parking.index.size === 0) return;
    await this.drainDeferred(feed);
    await this.fetchMissingParents(feed);
    await this.resyncIncidents(feed);
  }

  /** In line; the next chunk follows once this one is in the lanes and settled. */
  private async drainDeferred(feed: Feed): Promise<void> {
    for (const row of await feed.parking.deferred()) {
      if (this.stopping.signal.aborted || !feed.up) return;
      await feed.room(row.key.incidentId);
      await feed.replay(row);
    }
  }

  private async fetchMissingParents(feed: Feed): Promise<void> {
    const { clock, parentGraceMs = 2_000 } = this.services;
    for (const parent of feed.parking.index.awaitedParents()) {
      const id = `${feed.name} ${keyText(parent)}`;
      // A parked parent brings its children itself; one on its way will.
      if (feed.parking.index.has(parent) || feed.holds(parent.incidentId)) {
        this.missed.delete(id);
        continue;
      }
      const since = this.missed.get(id);
      if (since === undefined) this.missed.set(id, clock.now());
      else if (clock.now() - since >= parentGraceMs) {
        await this.fetchParent(feed, parent);
        this.missed.delete(id);
      }
    }
  }

  private async fetchParent(feed: Feed, parent: ObjectKey): Promise<void> {
    const [child] = await feed.parking.waitingOn(parent);
    if (child === undefined) return;
    const event = await this.services.source.discover(parent, child.workspace, child.taskId);
    if (event === undefined) {
      this.services.log.info('What waited for an object that is gone at the source is skipped.', {
        feed: feed.name,
        parent: keyText(parent),
      });
      await feed.skipWaitingOn(parent);
      return;
    }
    await feed.accept(event, { requestedAtMs: event.observedAtMs });
  }

  /** A feed that lags would only park what is loaded, and no parked incident brings its objects with it. */
  private async resyncIncidents(feed: Feed): Promise<void> {
    if (feed.parking.index.count('resync') === 0) return;
    for (const row of await feed.parking.resyncs()) {
      if (this.stopping.signal.aborted || !feed.up || feed.lagging) return;
      await this.services.resync(feed, row.key.incidentId);
      await feed.parking.remove(row.key, row.revision);
    }
  }
}
