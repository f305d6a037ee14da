import type { FeedEvent, SoarObject } from './FeedEvent.js';
import type { ObjectKey } from './ObjectKey.js';

/** What a row keeps of its event beside the payload; see `FeedEvent`. */
export interface ParkMarks {
  readonly decided?: true;
  readonly replaces?: true;
}

/** Why an event is parked. */
export type ParkReason = ParkMarks &
  /** Its parent is not at the destination yet. */
  (
    | { readonly state: 'waiting'; readonly on: ObjectKey }
    /** The feed lags or is down; the event keeps its place in line. */
    | { readonly state: 'deferred' }
    /** Given up, until a person or a newer event acts. */
    | ParkedFailure
    /** Whether the object exists at the destination cannot be determined: a person must decide. */
    | { readonly state: 'undecided'; readonly message: string }
    /** The whole incident must be loaded into this feed. */
    | { readonly state: 'resync' }
  );

export interface ParkedFailure {
  readonly state: 'failed';
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
}

/**
 * The key of a wish to load a whole incident. It is kept beside the incident's own row, so its type is one that no object has.
 */
export function resyncKey(orgId: number, incidentId: number): ObjectKey {
  return { orgId, incidentId, type: '*', objectId: incidentId };
}

/** Whether a row is such a wish. */
export function isResyncKey({ type }: ObjectKey): boolean {
  return type === '*';
}

export type ParkState = ParkReason['state'] | 'raw';

/** What is kept of an event; its schema and content are rebuilt from the source on replay. */
export interface ParkedEvent {
  readonly feed: string;
  readonly key: ObjectKey;
  /** The event the row holds; absent on a wish for a resync, which is not an event. */
  readonly eventId?: string;
  readonly parent?: ObjectKey;
  /** The task it belongs to, also where its parent is a note of that task. */
  readonly taskId?: number;
  readonly operation: 'upsert' | 'delete';
  readonly workspace: string;
  readonly observedAtMs: number;
  /** Absent when it was too large to keep, or when it is to be read again: read it from the source. */
  readonly payload?: SoarObject;
  readonly why: ParkReason;
  /** Grows with every change; `remove` removes a row only at the revision that the caller saw. */
  readonly revision: number;
  /** Place in line, kept when a newer snapshot replaces the payload. */
  readonly place: number;
  readonly parkedAtMs: number;
}

/** A row as the lists give it, which do not read payloads. */
export type ListedRow = Omit<ParkedEvent, 'payload'>;

/** A message that could not be decoded, kept as it came. */
export interface RawMessage {
  readonly messageId: string;
  readonly queue: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ParkedRaw {
  readonly message: RawMessage;
  readonly code: string;
  readonly problem: string;
  readonly parkedAtMs: number;
  /** A person wants it decoded again. */
  readonly retry: boolean;
}

/** The number of rows of one feed in one state, and of failed ones with one code; raw messages belong to no feed. */
export interface ParkedCount {
  readonly feed?: string;
  readonly state: ParkState;
  /** Of failed rows. */
  readonly code?: string;
  readonly rows: number;
  /** When the oldest of them was parked. */
  readonly oldestAtMs: number;
}

export interface ParkedFilter {
  readonly feed?: string;
  readonly state?: ParkReason['state'];
  readonly type?: string;
  /** With `incidentId` it spares the store a search. */
  readonly orgId?: number;
  readonly incidentId?: number;
  readonly objectId?: number;
  readonly code?: string;
}

/**
 * One row per (feed, object): a newer snapshot replaces the payload and keeps the place in line. Where `judgeParked` cannot
 * decide which is newer, the row loses its snapshot and becomes an upsert, so that the object is read at its turn. Every
 * method resolves once its change is durable, and throws `StoreError`. The outcomes of the events concerned are part of the
 * same commit.
 */
export interface ParkedStore {
  /**
   * Returns the revision of the row that now holds the event's snapshot; `undefined`: none does, because the row holds another
   * event, or the object will be read at its turn.
   * With `held`, the revision of the row that the event came from or was given, only that row is changed: if it was replaced,
   * removed or put back in line meanwhile, nothing happens.
   */
  park(feed: string, event: FeedEvent, why: ParkReason, held?: number): Promise<number | undefined>;
  parkRaw(message: RawMessage, code: string, problem: string): Promise<void>;
  find(feed: string, key: ObjectKey): Promise<ParkedEvent | undefined>;
  /** Oldest place first; with `after`, only rows behind that place. The rows stay until they are removed. */
  takeWaitingOn(feed: string, parent: ObjectKey, limit: number, after?: number): Promise<readonly ParkedEvent[]>;
  /** As `takeWaitingOn`, without the rows of the incidents in `except`. */
  takeDeferred(
    feed: string,
    limit: number,
    except?: readonly number[],
    after?: number,
  ): Promise<readonly ParkedEvent[]>;
  /** `false`: the row was replaced meanwhile and stays. */
  remove(feed: string, key: ObjectKey, revision: number): Promise<boolean>;
  /**
   * Puts a row back in line without its snapshot, so that the object is read again at its turn; a delete keeps its own.
   * `false`: it was replaced or removed meanwhile.
   */
  rearm(feed: string, key: ObjectKey, revision: number): Promise<boolean>;
  /** Gives a row up as it stands. `false`: it was replaced or removed meanwhile. */
  fail(feed: string, key: ObjectKey, revision: number, why: ParkedFailure): Promise<boolean>;
  /** The rows of the feed that go with `ancestor`, as `rowsBelow` says. */
  removeBelow(feed: string, ancestor: ObjectKey): Promise<number>;
  /** Without payloads, oldest place first; `find` gives one row whole. */
  list(filter: ParkedFilter): AsyncIterable<ListedRow>;
  /** Oldest place first. */
  listRaw(): AsyncIterable<ParkedRaw>;
  findRaw(messageId: string): Promise<ParkedRaw | undefined>;
  /** Messages that a person wants decoded again, oldest place first. */
  takeRaw(limit: number): Promise<readonly ParkedRaw[]>;
  /** `false`: there is no such message. */
  rearmRaw(messageId: string): Promise<boolean>;
  removeRaw(messageId: string): Promise<boolean>;
  /** The number of rows, by feed, state and code. */
  counts(): Promise<readonly ParkedCount[]>;
}

/**
 * How new a snapshot is. Comparable only with one of the same `kind`: a version or date of the object itself, else the
 * broker's timestamp of its message (`broker`), else when it was read (`read`): both by the source's clock.
 */
export interface Stamp {
  readonly kind: 'vers' | 'version' | 'modify_date' | 'last_modified_time' | 'broker' | 'read';
  readonly value: number;
}

export interface LastApplied {
  readonly outcome: Settlement['outcome'];
  readonly stamp?: Stamp;
  readonly deleted: boolean;
}

/** One event's end at one feed, kept with the stamp of the snapshot that ended so. */
export interface Settlement {
  readonly feed: string;
  readonly key: ObjectKey;
  readonly eventId: string;
  readonly outcome: 'delivered' | 'skipped' | 'superseded' | 'dropped';
  /** For people: why it was skipped or dropped. */
  readonly reason?: string;
  readonly stamp?: Stamp;
  readonly deleted: boolean;
  /** The source's database shows it: its stamp counts, even if it is older or the object was deleted before. */
  readonly setsBack?: true;
  /** The task that a note or attachment belongs to. */
  readonly taskId?: number;
  /** The parked row this settles, at the revision that was replayed. */
  readonly parkedRevision?: number;
  /** Keep a durable wish to load the whole incident into this feed, in the same commit: a row with the `resyncKey`. */
  readonly resync?: boolean;
}

/** An object that is at one feed's destination, according to its settlements. */
export interface AppliedObject {
  readonly key: ObjectKey;
  /** Of a note or attachment that belongs to a task. */
  readonly taskId?: number;
}

/** What was applied to an object last, for people. */
export interface SettledObject extends LastApplied {
  readonly feed: string;
  readonly key: ObjectKey;
  readonly eventId: string;
  readonly settledAtMs: number;
}

/** Incidents of one organization, both ends inclusive; without `maxIncidentId` to the last. */
export interface IncidentRange {
  readonly orgId: number;
  readonly minIncidentId: number;
  readonly maxIncidentId?: number;
}

/** An incident of which something was settled. */
export interface TouchedIncident {
  readonly incidentId: number;
  /** When something of it was delivered last; absent: nothing was. */
  readonly deliveredAtMs?: number;
}

/** Concurrent calls may share one commit; each resolves once its own change is durable. */
export interface SettlementStore {
  /**
   * `false`: the row that it settles was replaced or removed meanwhile and stays. An event that was to be dropped then
   * does not end; any other event ends all the same.
   */
  settle(settlement: Settlement): Promise<boolean>;
  /** What was applied last: the newest stamp, and whether it was a delete (object ids are never used again). */
  last(feed: string, key: ObjectKey): Promise<LastApplied | undefined>;
  /**
   * What was delivered or skipped last and not deleted since, neither itself nor with its incident or task; by ascending
   * incident.
   */
  applied(feed: string, range: IncidentRange): AsyncIterable<AppliedObject>;
  /** The incidents of which something was settled at one feed at that time or later (ms, host clock), each once. */
  touchedSince(feed: string, sinceMs: number): Promise<readonly TouchedIncident[]>;
  /** What was applied last to the objects of this type and id, at every feed; for people: it may take seconds. */
  named(type: string, objectId: number): Promise<readonly SettledObject[]>;
  /** What was applied last to an incident and the objects in it, at one feed; the latest first, at most `limit`. For people. */
  ofIncident(feed: string, orgId: number, incidentId: number, limit: number): Promise<readonly SettledObject[]>;
}

/** How an event ended at one feed, or that it is parked there. */
export type Outcome = Settlement['outcome'] | 'parked';

export interface EventOutcome {
  readonly feed: string;
  readonly eventId: string;
  readonly key: ObjectKey;
  readonly outcome: Outcome;
  /** Why it was skipped, superseded or dropped; while it is parked, the state of its row. */
  readonly reason?: string;
  readonly settledAtMs: number;
}

/** How often events of one feed ended in each way since the state database was created; `parked` counts events that were ever parked. */
export interface OutcomeTotals {
  readonly feed: string;
  readonly totals: Readonly<Record<Outcome, number>>;
}

/**
 * The log of what became of every event, kept for a while. It is written in the same commit as the settlement or the row, so
 * it can be trusted. One entry per feed and event; the latest counts.
 */
export interface OutcomeStore {
  find(feed: string, eventId: string): Promise<EventOutcome | undefined>;
  /** The last outcome of the objects of this type and id, at every feed; for people: it may take seconds. */
  named(type: string, objectId: number): Promise<readonly EventOutcome[]>;
  totals(): Promise<readonly OutcomeTotals[]>;
  /** Deletes at most `limit` entries from before `beforeMs`, but none of parked events. Returns how many. */
  prune(beforeMs: number, limit: number): Promise<number>;
}

/** How far a reload came. */
export interface Checkpoint {
  /** Everything of incidents up to and including this id has settled. */
  readonly incidentId: number;
  readonly startedAtMs: number;
  readonly finishedAtMs?: number;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface CheckpointStore {
  read(name: string): Promise<Checkpoint | undefined>;
  write(name: string, at: Checkpoint): Promise<void>;
  clear(name: string): Promise<void>;
}

export interface StoreOpenOptions {
  /**
   * Read-only, also while a host owns the state: no lease is taken, nothing is created or upgraded, and every change is refused
   * with `store-read-only`.
   */
  readonly readOnly?: boolean;
}

/** The host's durable state. One owner at a time. */
export interface FeedStore {
  /** Opens or creates the state and takes its lease. Throws `StoreError` naming the holder, or the file and its fault. */
  open(options?: StoreOpenOptions): Promise<void>;
  readonly parked: ParkedStore;
  readonly settlements: SettlementStore;
  readonly outcomes: OutcomeStore;
  readonly checkpoints: CheckpointStore;
  /**
   * A cheap probe whether the store would take changes now. A host calls it every second, so that it notices trouble even when
   * nothing happens. Throws `StoreError`.
   */
  check?(): Promise<void>;
  /**
   * Called before each delivery and each write to the source. Resolves at once while no other host can have taken the state over;
   * otherwise once the state has said that it is still ours. Throws `StoreError`.
   */
  assertOurs?(): Promise<void>;
  close(): Promise<void>;
}
