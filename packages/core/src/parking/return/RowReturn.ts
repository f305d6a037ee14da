import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { ParkedEvent } from '../../contract/FeedStore.js';
import type { Logger } from '../../contract/Logger.js';
import { Outage } from '../../source/patience/Outage.js';
import type { Parking } from '../Parking.js';
import { DeferredRows } from './DeferredRows.js';
import type { FeedDoor } from './FeedDoor.js';
import { ResyncWishes } from './ResyncWishes.js';
import { WaitingRows } from './WaitingRows.js';
import type { ParentSource } from './WaitingRows.js';
import { WayBack } from './WayBack.js';

export interface ReturnServices {
  readonly feed: FeedDoor;
  readonly parking: Parking;
  readonly source: ParentSource;
  /** Loads one incident whole into the feed. Rejects when any of it could not be read. */
  readonly resync: (incidentId: number) => Promise<void>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly everyMs?: number;
  /** How long a missing parent may still come by itself before it is fetched, ms. */
  readonly parentGraceMs?: number;
}

/**
 * Brings the parked rows of one feed back: the deferred ones in line once the feed is up, what waits when its parent comes
 * or is fetched, and the incidents that must be loaded whole. What the source does not give now is left alone for a while,
 * uncharged; a source that cannot be reached at all is waited for.
 */
export class RowReturn {
  private readonly stopping = new AbortController();
  private readonly way: WayBack;
  private readonly deferred: DeferredRows;
  private readonly waiting: WaitingRows;
  private readonly wishes: ResyncWishes;
  private loop: Promise<void> | undefined;

  constructor(private readonly services: ReturnServices) {
    const { feed, parking, source, resync, log, clock, parentGraceMs = 2_000 } = services;
    const turns = { feed, log, clock, stopping: this.stopping.signal };
    this.way = new WayBack(feed, source);
    this.waiting = new WaitingRows(feed, parking, this.way, source, turns, parentGraceMs);
    this.deferred = new DeferredRows(feed, parking, this.way, turns, this.waiting);
    this.wishes = new ResyncWishes(feed, parking, resync, turns);
    // Rows below an object always follow it, even if the return was not started.
    feed.onEnd((event) => this.waiting.follow(event));
  }

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** As `WayBack.bring`. */
  async bring(row: ParkedEvent): Promise<void> {
    await this.way.bring(row);
  }

  private async run(): Promise<void> {
    const { feed, clock, log, everyMs = 250 } = this.services;
    const { signal } = this.stopping;
    const outage = new Outage(feed.name, log);
    while (!signal.aborted) {
      await clock.sleep(everyMs, signal).catch(() => undefined);
      try {
        if (await this.look()) outage.over();
      } catch (error) {
        if (!(error instanceof StoppingError) && !signal.aborted) outage.met(error);
      }
    }
  }

  /** `false`: nothing may be brought back now. Rejects when the source cannot be reached, or the host stops. */
  private async look(): Promise<boolean> {
    const { feed, parking } = this.services;
    if (this.stopping.signal.aborted || !feed.takesRows) return false;
    if (parking.index.size === 0) return true;
    await this.deferred.bring();
    await this.waiting.fetchMissing();
    await this.wishes.fulfil();
    return true;
  }
}
