import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import type { Feed } from '../../delivery/Feed.js';
import type { SourceReader } from '../../source/SourceReader.js';
import { FeedReplay } from './FeedReplay.js';
import { Outage } from '../../source/patience/Outage.js';

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
    const replay = new FeedReplay(feed, this.services, this.stopping.signal);
    const outage = new Outage(feed.name, log);
    while (!this.stopping.signal.aborted) {
      await clock.sleep(everyMs, this.stopping.signal).catch(() => undefined);
      try {
        if (await replay.turn()) outage.over();
      } catch (error) {
        if (!(error instanceof StoppingError) && !this.stopping.signal.aborted) outage.met(error);
      }
    }
  }
}
