import type { DeliveryResult } from '../contract/DeliveryResult.js';
import { StoppingError } from '../contract/errors.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import type { ListedRow, ParkedFailure, ParkReason } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import { keyText } from '../contract/ObjectKey.js';
import { taskIdOf } from '../hierarchy/taskOf.js';
import { stampOf } from '../lanes/freshness.js';
import type { Lanes } from '../lanes/Lanes.js';
import type { Parking } from '../parking/Parking.js';
import { metricNames } from '../telemetry/metrics.js';
import { classify, UNDECIDED } from '../trouble/classify.js';
import type { Entry } from './Entry.js';
import type { Settled } from './Settled.js';
import { messageOf } from '../trouble/messageOf.js';

/** Why an event is parked; a wish to load a whole incident is no event. */
type EventParkReason = Exclude<ParkReason, { state: 'resync' }>;

interface GivenRow {
  /** Why it is parked. */
  readonly given: EventParkReason;
  readonly revision: number | undefined;
}

/** The reason for skipping an event whose object was deleted before it could be delivered; its delete follows. */
export const GONE = 'gone at the source';

/** What became of the feed's events since the start. */
export interface FeedCounts {
  delivered: number;
  skipped: number;
  superseded: number;
  parked: number;
  failed: number;
}

export interface EndingHooks {
  /** After every commit. */
  readonly onSettled: () => void;
  /** The entry left its lane: nothing that was kept for it is needed any more. */
  readonly onLeft: (entry: Entry) => void;
}

/**
 * The one place where an event ends. It counts and logs every end.
 *
 * Whoever brought the event is told after the commit. The lane does not wait for the commit: a delivery is durable at the
 * destination, and if the process dies first, the event comes again and changes nothing (deliveries are idempotent). Only an
 * event with a parked row holds its lane, because the next event of its object must find the row gone. What a target
 * still has to commit for a delivery comes before the settlement, and does not hold the lane either.
 */
export class Ending {
  readonly counts: FeedCounts = { delivered: 0, skipped: 0, superseded: 0, parked: 0, failed: 0 };
  private committing = 0;

  constructor(
    private readonly feed: string,
    private readonly lanes: Lanes<Entry>,
    private readonly parking: Parking,
    private readonly log: Logger,
    private readonly metrics: Metrics,
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
    const told = (): void => {
      this.counts.delivered += 1;
      this.log.debug('delivered', { ...facts(entry.event), change: result.change, ref: result.ref });
      this.tell(entry, { feed: this.feed, outcome: 'delivered', change: result.change }, result.change);
    };
    const { committed } = result;
    const commit = committed === undefined ? undefined : { committed, uncommitted };
    const resync = result.resync === true || entry.movedIn;
    await this.settle(entry, { outcome: 'delivered', resync }, told, commit);
  }

  async skipped(entry: Entry, reason: string): Promise<void> {
    await this.settle(entry, { outcome: 'skipped', reason }, () => {
      this.counts.skipped += 1;
      this.log.debug('skipped', { ...facts(entry.event), reason });
      this.tell(entry, { feed: this.feed, outcome: 'skipped', reason }, 'skipped');
    });
  }

  /** A newer snapshot of the object was applied before: nothing to do. */
  async superseded(entry: Entry): Promise<void> {
    // The stamp in the store is the newer one, and the store never sets it back.
    await this.settle(entry, { outcome: 'superseded', reason: 'a newer snapshot was applied before' }, () => {
      this.counts.superseded += 1;
      this.log.debug('superseded', facts(entry.event));
      this.tell(entry, { feed: this.feed, outcome: 'superseded' }, 'superseded');
    });
  }

  /** Its row has ended already, and the event with it. */
  endedWithRow(entry: Entry): void {
    this.leave(entry);
    entry.end({ feed: this.feed, outcome: 'skipped', reason: 'its row ended or was changed' });
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
  private async park({ event, attempts, parkedRevision }: Entry, why: EventParkReason): Promise<GivenRow> {
    try {
      return { given: why, revision: await this.parking.park(event, why, parkedRevision) };
    } catch (error) {
      if (error instanceof StoppingError) throw error;
      const given = { state: 'failed', ...faultOf(error), attempts } as const;
      const bare = { ...event, payload: { id: event.key.objectId } };
      return { given, revision: await this.parking.park(bare, given, parkedRevision) };
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
  async gone({ key, revision, eventId = `parked:${keyText(key)}` }: ListedRow): Promise<void> {
    const end = { outcome: 'skipped', reason: GONE, deleted: false } as const;
    await this.parking.settle({ key, eventId, ...end, parkedRevision: revision });
    this.counts.skipped += 1;
    this.log.debug('skipped', { type: key.type, objectId: key.objectId, incidentId: key.incidentId, reason: GONE });
  }

  /** Gives up a row whose object cannot be read. */
  async unread(row: ListedRow, why: ParkedFailure): Promise<void> {
    if (!(await this.parking.fail(row, why))) return;
    this.counts.parked += 1;
    const { type, objectId, incidentId } = row.key;
    this.tellFailed({ type, objectId, incidentId, operation: row.operation, origin: 'replay' }, why);
    this.metrics.count(metricNames.events, { feed: this.feed, type, result: 'parked_failed' });
  }

  private tellFailed(of: Record<string, unknown>, { code, message, attempts }: ParkedFailure): void {
    this.counts.failed += 1;
    this.log.warn(`Parked as failed: ${message}`, { ...of, event: 'parked', code, attempts });
  }

  private tellParked(entry: Entry, why: EventParkReason): void {
    this.counts.parked += 1;
    const reason = reasonOf(why);
    if (why.state === 'undecided') {
      this.log.warn(`Parked as undecided: ${why.message}`, { ...facts(entry.event), event: 'parked', code: UNDECIDED });
    } else if (why.state === 'failed') {
      this.tellFailed(facts(entry.event), why);
    } else {
      this.log.debug('parked', { ...facts(entry.event), reason });
    }
    const failed = why.state === 'failed' ? ({ failed: true } as const) : {};
    this.tell(entry, { feed: this.feed, outcome: 'parked', reason, ...failed }, `parked_${why.state}`);
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

  private tell(entry: Entry, settled: Settled, result: string): void {
    this.metrics.count(metricNames.events, { feed: this.feed, type: entry.event.key.type, result });
    entry.end(settled);
  }
}

function faultOf(error: unknown): { readonly code: string; readonly message: string } {
  return { code: classify(error).code, message: messageOf(error) };
}

/** What a log line says about an event: never its payload. */
export function facts(event: FeedEvent): Record<string, unknown> {
  return {
    type: event.key.type,
    objectId: event.key.objectId,
    incidentId: event.key.incidentId,
    operation: event.operation,
    origin: event.origin,
  };
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
