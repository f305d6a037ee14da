import { StoppingError } from '../contract/errors.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { ParkedEvent, ParkedFailure } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { Parking } from '../parking/Parking.js';
import { refusalOf } from '../trouble/classify.js';
import type { Ending } from './Ending.js';
import type { EventSource } from '../source/EventSource.js';
import type { Orphans } from './Orphans.js';

/** Parked rows on their way back into the lanes of their feed. */
export class Returning {
  private readonly underWay = new Set<string>();

  constructor(
    private readonly parking: Parking,
    private readonly source: EventSource,
    private readonly ending: Ending,
    private readonly orphans: Orphans,
    private readonly log: Logger,
    /** Puts an event into its lane at once; resolves at its end. */
    private readonly accept: (event: FeedEvent, row: { readonly parkedRevision: number }) => Promise<unknown>,
    /** Resolves when another event of the incident fits. */
    private readonly room: (incidentId: number) => Promise<void>,
  ) {}

  /**
   * Brings one row back; resolves once it stands in its lane, so that rows replayed one after the other keep their
   * order. Does nothing when it is under way already. What the source refuses to give fails; rejects when the source
   * cannot be asked now.
   */
  async replay(row: ParkedEvent): Promise<void> {
    await this.bring(row, () => this.source.rebuild(row));
  }

  /** What waits for an object that is gone at the source goes on without it, or ends as it went with it. */
  async skipWaitingOn(parent: ObjectKey): Promise<void> {
    await this.each(parent, (row) => this.bring(row, () => this.outliving(parent, row)));
  }

  /** What waits for this object is given up, as it stands. */
  async giveUpWaitingOn(parent: ObjectKey, why: ParkedFailure): Promise<void> {
    await this.each(parent, (row) => this.ending.unread(row, why));
  }

  /** What waited for this object goes on. */
  async wake(parent: ObjectKey): Promise<void> {
    try {
      await this.each(parent, (row) => this.replay(row));
    } catch (error) {
      if (error instanceof StoppingError) return;
      this.log.warn(`What waited for ${keyText(parent)} could not be brought back now: ${String(error)}`);
    }
  }

  /** All of them, a chunk at a time: the next follows once there is room for it, so that no number of them fills the memory. */
  private async each(parent: ObjectKey, bring: (row: ParkedEvent) => Promise<void>): Promise<void> {
    for (let after: number | undefined; ;) {
      const rows = await this.parking.waitingOn(parent, after);
      for (const row of rows) {
        await this.room(parent.incidentId);
        await bring(row);
      }
      after = rows.at(-1)?.place;
      if (after === undefined) return;
    }
  }

  private async bring(row: ParkedEvent, read: () => Promise<FeedEvent | undefined>): Promise<void> {
    const text = keyText(row.key);
    if (this.underWay.has(text)) return;
    this.underWay.add(text);
    const done = (): boolean => this.underWay.delete(text);
    let isAccepted = false;
    try {
      const event = await read();
      if (event !== undefined) {
        isAccepted = true;
        void this.accept(event, { parkedRevision: row.revision }).then(done, done);
        return;
      }
      await this.ending.gone(row);
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      await this.ending.unread(row, { state: 'failed', ...refusal, attempts: 1 });
    } finally {
      if (!isAccepted) done();
    }
  }

  private async outliving(parent: ObjectKey, row: ParkedEvent): Promise<FeedEvent | undefined> {
    const event = await this.source.rebuild(row);
    return event === undefined ? undefined : this.orphans.without(parent, event);
  }
}
