import type { DeliveryResult } from '../contract/DeliveryResult.js';
import { StoppingError } from '../contract/errors.js';
import type { ListedRow, ParkedFailure } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import { taskIdOf } from '../hierarchy/taskOf.js';
import { stampOf } from '../lanes/freshness.js';
import type { Lanes } from '../lanes/Lanes.js';
import type { Parking } from '../parking/Parking.js';
import { classify } from '../trouble/classify.js';
import type { Entry } from './Entry.js';
import type { Settled } from './Settled.js';
import type { EventParkReason, Telling } from './Telling.js';
import { messageOf } from '../trouble/messageOf.js';

interface GivenRow {
  /** Why it is parked. */
  readonly given: EventParkReason;
  readonly revision: number | undefined;
}

/** The reason for skipping an event whose object was deleted before it could be delivered; its delete follows. */
export const GONE = 'gone at the source';

export interface EndingHooks {
  /** After every commit. */
  readonly onSettled: () => void;
  /** The entry left its lane: nothing that was kept for it is needed any more. */
  readonly onLeft: (entry: Entry) => void;
}

/**
 * The one place where an event ends.
 *
 * Whoever brought the event is told after the commit. The lane does not wait for the commit: a delivery is durable at the
 * destination, and if the process dies first, the event comes again and changes nothing (deliveries are idempotent). Only an
 * event with a parked row holds its lane, because the next event of its object must find the row gone. What a target
 * still has to commit for a delivery comes before the settlement, and does not hold the lane either.
 */
export class Ending {
  private committing = 0;

  constructor(
    private readonly feed: string,
    private readonly lanes: Lanes<Entry>,
    private readonly parking: Parking,
    private readonly telling: Telling,
    private readonly hooks: EndingHooks,
  ) {}

  /** Ends that are not durable yet. */
  get unsettled(): number {
    return this.committing;
  }

  /** `uncommitted` ends the event in another way, when the target's own commit for it failed. */
  async delivered(
    entry: Entry,
    result: Extract<DeliveryResult, { status: 'delivered' }>,
    uncommitted: (error: Error) => Promise<void>,
  ): Promise<void> {
    const { committed, change, ref } = result;
    const tell = this.telling.arrival(entry, change, ref);
    const told = (): void => {
      tell();
      this.tell(entry, { outcome: 'delivered', change });
    };
    const commit = committed === undefined ? undefined : { committed, uncommitted };
    const resync = result.resync === true || entry.movedIn;
    await this.settle(entry, { outcome: 'delivered', resync }, told, commit);
  }

  async skipped(entry: Entry, reason: string): Promise<void> {
    await this.settle(entry, { outcome: 'skipped', reason }, () => {
      this.telling.skipped(entry, reason);
      this.tell(entry, { outcome: 'skipped', reason });
    });
  }

  /** A newer snapshot of the object was applied before: nothing to do. */
  async superseded(entry: Entry): Promise<void> {
    // The stamp in the store is the newer one, and the store never sets it back.
    await this.settle(entry, { outcome: 'superseded', reason: 'a newer snapshot was applied before' }, () => {
      this.telling.superseded(entry);
      this.tell(entry, { outcome: 'superseded' });
    });
  }

  /** Its row has ended already, and the event with it. */
  endedWithRow(entry: Entry): void {
    this.leave(entry);
    this.tell(entry, { outcome: 'skipped', reason: 'its row ended or was changed' });
  }

  /** Changes the event's own row, if it has one, unless somebody else changed it meanwhile: then the event has ended. */
  async parked(entry: Entry, why: EventParkReason): Promise<void> {
    // A newer event of its object has its row now.
    if (entry.state === 'overtaken') return this.endedWithRow(entry);
    const { given, revision } = await this.park(entry, why);
    if (entry.parkedRevision !== undefined && revision === undefined) return this.endedWithRow(entry);
    this.leave(entry);
    this.tellParked(entry, given);
  }

  /** If a bug keeps the event from being stored, the row says so without its payload; a retry reads the object again. */
  private async park(entry: Entry, why: EventParkReason): Promise<GivenRow> {
    const { attempts, parkedRevision, sinceMs } = entry;
    // An earlier process, or another host, may have sent what it tells.
    const event = entry.redelivered ? ({ ...entry.event, replaces: true } as const) : entry.event;
    try {
      return { given: why, revision: await this.parking.park(event, why, parkedRevision, sinceMs) };
    } catch (error) {
      if (error instanceof StoppingError) throw error;
      const given = { state: 'failed', ...faultOf(error), attempts } as const;
      const bare = { ...event, payload: { id: event.key.objectId } };
      return { given, revision: await this.parking.park(bare, given, parkedRevision, sinceMs) };
    }
  }

  /**
   * Gives the event a durable row and releases whoever brought it. Its delivery goes on, and removes the row. If no row can
   * be made, the event is refused: whoever brought it keeps it.
   */
  async freed(entry: Entry, why: EventParkReason): Promise<void> {
    try {
      const { given, revision } = await this.park(entry, why);
      // Without a revision, a newer event of the object has the row: this one must not remove it.
      entry.holdRow(revision);
      this.tellParked(entry, given);
    } catch (error) {
      if (error instanceof StoppingError) throw error;
      return this.refused(entry, error);
    }
    // Checked only now: its turn may have come while the row was made.
    if (this.lanes.isWaiting(entry.event.key.incidentId, entry)) this.leave(entry);
  }

  /** The event did not end, so nobody may acknowledge it: the host is stopping, or the store cannot park it. */
  refused(entry: Entry, error: unknown): void {
    this.leave(entry);
    entry.refuse(error instanceof Error ? error : new Error(String(error)));
  }

  /** Ends a row whose object is gone at the source. */
  async gone(row: ListedRow): Promise<void> {
    const { key, revision, eventId = `parked:${keyText(key)}` } = row;
    const end = { outcome: 'skipped', reason: GONE, deleted: false } as const;
    await this.parking.settle({ key, eventId, ...end, parkedRevision: revision });
    this.telling.rowGone(row, GONE);
  }

  /** Gives up a row whose object cannot be read. */
  async unread(row: ListedRow, why: ParkedFailure): Promise<void> {
    if (await this.parking.fail(row, why)) this.telling.rowFailed(row, why);
  }

  private tellParked(entry: Entry, why: EventParkReason): void {
    const reason = reasonOf(why);
    this.telling.parked(entry, why, reason);
    this.tell(entry, { outcome: 'parked', reason, ...(why.state === 'failed' ? ({ failed: true } as const) : {}) });
  }

  private async settle(
    entry: Entry,
    end: {
      readonly outcome: 'delivered' | 'skipped' | 'superseded';
      readonly reason?: string;
      readonly resync?: boolean;
    },
    told: () => void,
    commit?: { readonly committed: Promise<void>; readonly uncommitted: (error: Error) => Promise<void> },
  ): Promise<void> {
    const { event, parkedRevision, setsBack } = entry;
    const taskId = taskIdOf(event);
    const settlement = {
      key: event.key,
      eventId: event.id,
      ...end,
      stamp: stampOf(event),
      deleted: event.operation === 'delete' && end.outcome !== 'superseded',
      ...(taskId === undefined ? {} : { taskId }),
      ...(setsBack && end.outcome !== 'superseded' ? ({ setsBack } as const) : {}),
      ...(parkedRevision === undefined ? {} : { parkedRevision }),
    };
    this.committing += 1;
    const durable = this.parking
      .settle(settlement, commit?.committed)
      .then(told, (error: Error) => {
        if (error instanceof StoppingError) throw error;
        if (commit !== undefined) return commit.uncommitted(error);
        return this.parked(entry, { state: 'failed', ...faultOf(error), attempts: entry.attempts });
      })
      .catch((error: Error) => entry.refuse(error))
      .finally(() => {
        this.committing -= 1;
        this.hooks.onSettled();
      });
    if (parkedRevision !== undefined) await durable;
    this.leave(entry);
  }

  private leave(entry: Entry): void {
    this.lanes.remove(entry.event.key.incidentId, entry);
    this.hooks.onLeft(entry);
  }

  private tell(entry: Entry, settled: Omit<Settled, 'feed'>): void {
    entry.end({ feed: this.feed, ...settled });
  }
}

function faultOf(error: unknown): { readonly code: string; readonly message: string } {
  return { code: classify(error).code, message: messageOf(error) };
}

function reasonOf(why: EventParkReason): string {
  switch (why.state) {
    case 'waiting':
      return `waiting for ${why.on.type} ${why.on.objectId}`;
    case 'deferred':
      return 'the feed lags or is down';
    case 'failed':
      return `${why.code}: ${why.message}`;
    case 'undecided':
      return why.message;
  }
}
