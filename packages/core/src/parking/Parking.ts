import type { FeedEvent } from '../contract/FeedEvent.js';
import type {
  AppliedObject,
  FeedStore,
  IncidentRange,
  LastApplied,
  ListedRow,
  ParkedEvent,
  ParkedFailure,
  ParkReason,
  Settlement,
} from '../contract/FeedStore.js';
import { isResyncKey, resyncKey } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { durably } from './durably.js';
import type { DurablyContext } from './durably.js';
import { isQuestion, marksOf } from './endings.js';
import { ParkedIndex } from './ParkedIndex.js';

/** How many rows are taken from the store at once. */
const CHUNK = 200;

/** Objects whose last settlement is cached: an incident or task is looked up with every event below it. */
const LAST_KEPT = 5_000;

/**
 * The durable buffer of one feed: what cannot be delivered now is kept here, one row per object. Every method resolves once
 * the store has taken the change, however long that takes; it rejects only when the host stops first.
 */
export class Parking {
  readonly index = new ParkedIndex();
  private readonly committing = new Map<string, Omit<Settlement, 'feed'>>();
  /** By `keyText`: the change of the object's row or stamp that is under way. The next one waits for it. */
  private readonly turns = new Map<string, Promise<unknown>>();
  /** Cached reads, valid until the object settles again: nobody else settles for this feed. */
  private readonly lasts = new Map<string, Promise<LastApplied | undefined>>();

  constructor(
    private readonly feed: string,
    private readonly store: FeedStore,
    private readonly context: DurablyContext,
  ) {}

  /** Reads which objects are parked: before the first event, and after a failure that left it unknown. */
  async load(): Promise<void> {
    // None at a start, which then needs no name for each of perhaps a hundred thousand rows.
    const unseen = new Map(this.index.keys().map((key) => [keyText(key), key]));
    await this.durably('load', async () => {
      for await (const row of this.store.parked.list({ feed: this.feed })) {
        this.index.set(row.key, row.why, row.parkedAtMs);
        if (unseen.size > 0) unseen.delete(keyText(row.key));
      }
    });
    for (const key of unseen.values()) await this.follow(key);
  }

  /** As `ParkedStore.park`. `sinceMs`: when the change happened, host clock; default now. */
  async park(
    event: FeedEvent,
    why: ParkReason,
    held?: number,
    sinceMs = this.context.clock.now(),
  ): Promise<number | undefined> {
    const replaces = this.index.has(event.key);
    const told = replaces && isFoundMissing(event) ? await this.asTold(event) : event;
    // A person's decision, and the doubt about what was sent before, hold until the event ends.
    const kept = { ...why, ...marksOf(event) };
    const revision = await this.inTurn(event.key, 'park', () => this.store.parked.park(this.feed, told, kept, held));
    // A newer snapshot is not replaced and keeps its own reason: so the index follows the store.
    if (replaces || revision === undefined) await this.follow(event.key);
    else this.index.set(event.key, why, sinceMs);
    return revision;
  }

  /** With what the row says of the object. */
  private async asTold(event: FeedEvent): Promise<FeedEvent> {
    const { payload, parent } = (await this.find(event.key)) ?? {};
    return { ...event, payload: { ...payload, ...event.payload }, ...(parent === undefined ? {} : { parent }) };
  }

  /**
   * Ends an event in one commit, once `committed` resolves: its stamp, its outcome, its parked row and the wish for a resync.
   * If `committed` rejects, nothing ends, and this rejects, too.
   */
  async settle(settlement: Omit<Settlement, 'feed'>, committed?: Promise<void>): Promise<void> {
    const text = keyText(settlement.key);
    if (settlement.outcome !== 'superseded') this.committing.set(text, settlement);
    try {
      await committed;
      await this.inTurn(settlement.key, 'settle', () =>
        this.store.settlements.settle({ ...settlement, feed: this.feed }),
      );
    } finally {
      this.lasts.delete(text);
      if (this.committing.get(text) === settlement) this.committing.delete(text);
    }
    if (settlement.parkedRevision !== undefined) await this.follow(settlement.key);
    if (settlement.resync === true) await this.follow(wishOf(settlement.key));
  }

  /** What was applied last, even if its commit is still under way. */
  async last(key: ObjectKey): Promise<LastApplied | undefined> {
    const text = keyText(key);
    const committing = this.committing.get(text);
    if (committing !== undefined) return committing;
    const known = this.lasts.get(text);
    if (known !== undefined) return known;
    const last = this.durably('read stamp', () => this.store.settlements.last(this.feed, key));
    this.lasts.set(text, last);
    last.catch(() => this.lasts.delete(text));
    for (const [oldest] of this.lasts) {
      if (this.lasts.size <= LAST_KEPT) break;
      this.lasts.delete(oldest);
    }
    return last;
  }

  /** The objects of a range of incidents that are at the destination, or parked on their way there. */
  async known(range: IncidentRange): Promise<readonly AppliedObject[]> {
    const objects = await this.durably('list applied', async () => {
      const found = new Map<string, AppliedObject>();
      for await (const object of this.store.settlements.applied(this.feed, range))
        found.set(keyText(object.key), object);
      return found;
    });
    const parked = this.index.keysWithin(range).filter((key) => !isResyncKey(key) && !objects.has(keyText(key)));
    for (const incidentId of new Set(parked.map((key) => key.incidentId)))
      for (const [text, { key, operation, taskId }] of await this.rowsOf(range.orgId, incidentId))
        if (operation === 'upsert' && !isResyncKey(key) && !objects.has(text))
          objects.set(text, { key, ...(taskId === undefined ? {} : { taskId }) });
    return [...objects.values()];
  }

  /** Stores a wish to load the whole incident (a resync) that comes with no event. */
  async wishResync(incident: ObjectKey): Promise<void> {
    const eventId = `resync:${keyText(incident)}`;
    await this.settle({ key: incident, eventId, outcome: 'superseded', deleted: false, resync: true });
  }

  /** As `FeedStore.assertOurs`. */
  async assertOurs(): Promise<void> {
    await this.durably('look for the lease', async () => this.store.assertOurs?.());
  }

  async find(key: ObjectKey): Promise<ParkedEvent | undefined> {
    return this.durably('find', () => this.store.parked.find(this.feed, key));
  }

  /** The oldest rows that wait for this parent; with `after`, only those behind that place in line. */
  async waitingOn(parent: ObjectKey, after?: number): Promise<readonly ParkedEvent[]> {
    if (!this.index.isAwaited(parent)) return [];
    return this.durably('take waiting', () => this.store.parked.takeWaitingOn(this.feed, parent, CHUNK, after));
  }

  /** The oldest deferred rows, without the incidents in `except`; with `after`, only those behind that place in line. */
  async deferred(except: readonly number[] = [], after?: number): Promise<readonly ParkedEvent[]> {
    if (this.index.count('deferred') === 0) return [];
    return this.durably('take deferred', () => this.store.parked.takeDeferred(this.feed, CHUNK, except, after));
  }

  /** The incidents that must be loaded whole. */
  async resyncs(): Promise<readonly ListedRow[]> {
    return this.durably('list resyncs', async () => {
      const rows = [];
      for await (const row of this.store.parked.list({ feed: this.feed, state: 'resync' })) rows.push(row);
      return rows;
    });
  }

  async remove(key: ObjectKey, revision: number): Promise<void> {
    await this.durably('remove', () => this.store.parked.remove(this.feed, key, revision));
    await this.follow(key);
  }

  /** Gives a row up. `false`: it was replaced or removed meanwhile. */
  async fail({ key, revision }: ListedRow, why: ParkedFailure): Promise<boolean> {
    const failed = await this.durably('fail', () => this.store.parked.fail(this.feed, key, revision, why));
    await this.follow(key);
    return failed;
  }

  /** Ends the parked rows of the objects below a deleted incident or task. */
  async removeBelow(ancestor: ObjectKey): Promise<number> {
    if (this.index.size === 0) return 0;
    const removed = await this.durably('remove below', () => this.store.parked.removeBelow(this.feed, ancestor));
    if (removed > 0) await this.reloadIncident(ancestor);
    return removed;
  }

  /** Tries failed rows below this object again: they may have been deleted with it. What a person was asked stays. */
  async rearmBelow(parent: ObjectKey): Promise<void> {
    const { orgId, incidentId } = parent;
    if (!this.index.countsOf(incidentId).has('failed')) return;
    await this.durably('try again below', async () => {
      for await (const row of this.store.parked.list({ feed: this.feed, state: 'failed', orgId, incidentId })) {
        if (row.parent === undefined || keyText(row.parent) !== keyText(parent)) continue;
        if (row.why.state === 'failed' && isQuestion(row.why.state, row.why.code)) continue;
        await this.store.parked.rearm(this.feed, row.key, row.revision);
        await this.follow(row.key);
      }
    });
  }

  /** Whether the object has a row. If the index has none, the store is asked: an event must not end by mistake. */
  async holds(key: ObjectKey): Promise<boolean> {
    if (!this.index.has(key)) await this.follow(key);
    return this.index.has(key);
  }

  /** Updates the index from the store for one object: its row may have been replaced, or changed by hand. */
  async follow(key: ObjectKey): Promise<void> {
    const row = await this.find(key);
    if (row === undefined) this.index.delete(key);
    else this.index.set(key, row.why, row.parkedAtMs);
  }

  private async reloadIncident({ orgId, incidentId }: ObjectKey): Promise<void> {
    // Taken before the list is read: rows parked meanwhile are not in that list.
    const keys = this.index.keysOf(incidentId);
    const rows = await this.rowsOf(orgId, incidentId);
    for (const key of keys) if (!rows.has(keyText(key))) await this.follow(key);
  }

  /** The rows of one incident, by `keyText`. */
  private rowsOf(orgId: number, incidentId: number): Promise<ReadonlyMap<string, ListedRow>> {
    return this.durably('list', async () => {
      const found = new Map<string, ListedRow>();
      for await (const row of this.store.parked.list({ feed: this.feed, orgId, incidentId }))
        found.set(keyText(row.key), row);
      return found;
    });
  }

  /**
   * As `durably`, but one operation at a time for each object: one that the store refuses is tried again after a random pause, and a
   * later one would overtake it.
   */
  private async inTurn<T>(key: ObjectKey, what: string, operation: () => Promise<T>): Promise<T> {
    const text = keyText(key);
    const work = (): Promise<T> => this.durably(what, operation);
    const before = this.turns.get(text);
    const turn = before === undefined ? work() : before.then(work, work);
    this.turns.set(text, turn);
    try {
      return await turn;
    } finally {
      if (this.turns.get(text) === turn) this.turns.delete(text);
    }
  }

  private durably<T>(what: string, operation: () => Promise<T>): Promise<T> {
    return durably(this.context, what, operation);
  }
}

/** A delete that a reload found names the object and says no more. If the mapping is lost, that finds nothing in the target. */
function isFoundMissing({ operation, origin }: FeedEvent): boolean {
  return operation === 'delete' && origin === 'reload';
}

function wishOf({ orgId, incidentId }: ObjectKey): ObjectKey {
  return resyncKey(orgId, incidentId);
}
