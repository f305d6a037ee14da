import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { FeedEvent } from '../contract/FeedEvent.js';
import { marksOf } from '../parking/endings.js';
import type { Settled } from './Settled.js';

/** What the intake says about an event that it brings. */
export interface AcceptOptions {
  /** When the request was sent that read this snapshot; absent on a queue event. ms, source clock. */
  readonly requestedAtMs?: number;
  /** The queue says that the object was there before. */
  readonly modified?: true;
  /** The broker had handed the message over before: an earlier process, or another host, may have sent what it tells. */
  readonly redelivered?: true;
  /** The parked row that the event comes from. */
  readonly parkedRevision?: number;
  /** When the change happened that the event tells of; absent where it tells of none, or nobody knows. ms, host clock. */
  readonly changedAtMs?: number;
  /** Of an incident that is read whole: the events of its objects, which are brought next. */
  readonly following?: readonly FeedEvent[];
}

/**
 * An event in a lane, from acceptance to its end.
 *
 *     held ─ holdRow ─┬→ in a row    its row is durable; its end removes the row
 *                     └→ overtaken   a newer event of its object has the row, and comes back by itself
 *
 * - `held`: whoever brought it, such as a message of the queue, waits for its end.
 * - `in a row`, `overtaken`: nobody waits any more. An event that comes from a row begins `in a row`.
 *
 * Whatever its state, an entry ends by leaving its lane; `end` or `refuse` tells whoever brought it, once. `charge`,
 * `refresh` and `admitMovedIn` change no state.
 */
export class Entry {
  readonly ended: Promise<Settled>;
  readonly requestedAtMs: number | undefined;
  readonly changedAtMs: number | undefined;
  /** The trace of the message that brought it. */
  readonly traced: Context;
  readonly modified: boolean;
  readonly redelivered: boolean;
  /** Others go first: it tells of no change that somebody waits for. */
  readonly yields: boolean;
  /** The events of its objects, which are brought next. */
  readonly following: readonly FeedEvent[];
  private current: FeedEvent;
  private charged = 0;
  private row: number | undefined;
  private isHeld: boolean;
  private isSetBack = false;
  private isMovedIn = false;
  private resolve!: (settled: Settled) => void;
  private reject!: (error: Error) => void;

  /** `acceptedAtMs`: host clock; `acceptedSteadyMs`: for its age. */
  constructor(
    event: FeedEvent,
    readonly acceptedAtMs: number,
    readonly acceptedSteadyMs: number,
    { requestedAtMs, modified, redelivered, parkedRevision, changedAtMs, following = [] }: AcceptOptions = {},
  ) {
    this.current = event;
    this.requestedAtMs = requestedAtMs;
    this.changedAtMs = changedAtMs;
    // Only a message is a trace: what is brought back follows some other event.
    this.traced = event.origin === 'queue' ? context.active() : ROOT_CONTEXT;
    this.modified = modified === true;
    this.redelivered = redelivered === true;
    this.yields = event.origin === 'reload';
    this.following = following;
    this.row = parkedRevision;
    this.isHeld = parkedRevision === undefined;
    this.ended = new Promise<Settled>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  get event(): FeedEvent {
    return this.current;
  }

  get state(): 'held' | 'in a row' | 'overtaken' {
    if (this.isHeld) return 'held';
    return this.row === undefined ? 'overtaken' : 'in a row';
  }

  /** The row that holds this event, at the revision that its end removes. */
  get parkedRevision(): number | undefined {
    return this.row;
  }

  /** When the change happened, else when the event came; ms, host clock. */
  get sinceMs(): number {
    return this.changedAtMs ?? this.acceptedAtMs;
  }

  /** Tries charged so far. */
  get attempts(): number {
    return this.charged;
  }

  /** It is older than what was applied before, and the source's database shows it so: it wins. */
  get setsBack(): boolean {
    return this.isSetBack;
  }

  /** Its incident came from a workspace of another feed: what it holds must be loaded once this is delivered. */
  get movedIn(): boolean {
    return this.isMovedIn;
  }

  /** A try counts against the object. Gives how many have. */
  charge(): number {
    this.charged += 1;
    return this.charged;
  }

  /** The object as it was read since. `setsBack`: it is older than what was applied before, and wins. */
  refresh(event: FeedEvent, setsBack = false): void {
    this.current = { ...event, ...marksOf(this.current) };
    if (setsBack) this.isSetBack = true;
  }

  /** The gate found that its incident was moved in from another feed's workspace. */
  admitMovedIn(): void {
    this.isMovedIn = true;
  }

  /** A row was made for it; without a revision, a newer event of its object has the row. */
  holdRow(revision: number | undefined): void {
    this.isHeld = false;
    this.row = revision;
  }

  end(settled: Settled): void {
    this.resolve(settled);
  }

  /** Nothing became of it, and nobody may acknowledge it. */
  refuse(error: Error): void {
    this.reject(error);
  }
}
