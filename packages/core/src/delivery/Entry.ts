import type { FeedEvent } from '../contract/FeedEvent.js';

/** How one event ended at one feed; every accepted event ends in exactly one of these. */
export interface Settled {
  readonly feed: string;
  readonly outcome: 'delivered' | 'skipped' | 'superseded' | 'parked';
  /** What was changed at the destination. */
  readonly change?: 'created' | 'updated' | 'deleted' | 'unchanged';
  /** Why it was skipped or parked. */
  readonly reason?: string;
  /** Parked for good: until a person or a newer event acts. */
  readonly failed?: true;
}

export interface AcceptOptions {
  /** When the request was sent that read this snapshot; absent on a queue event. ms, source clock. */
  readonly requestedAtMs?: number;
  /** The queue says that the object stood there before. */
  readonly modified?: true;
  /** The parked row that this replays. */
  readonly parkedRevision?: number;
}

/** An event in a lane, from acceptance to its end. */
export interface Entry extends AcceptOptions {
  event: FeedEvent;
  readonly acceptedAtMs: number;
  /** Tries charged so far. */
  attempts: number;
  /** The row that holds this event: its end removes it. */
  parkedRevision?: number;
  /** Whoever brought it waits no longer: the event, or a newer one of its object, has a row. */
  freed?: true;
  /** Its incident came from a workspace of another feed: what it holds must be loaded once this is delivered. */
  movedIn?: true;
  /** It is older than what was applied before, and stands at the source: it wins. */
  setsBack?: true;
  /** Tells the intake, once; later calls do nothing. */
  readonly end: (settled: Settled) => void;
  readonly refuse: (error: Error) => void;
}

export function isFree({ freed, parkedRevision }: Entry): boolean {
  return freed === true || parkedRevision !== undefined;
}

export function makeEntry(
  event: FeedEvent,
  acceptedAtMs: number,
  options: AcceptOptions,
): { entry: Entry; ended: Promise<Settled> } {
  const { promise, resolve, reject } = withResolvers<Settled>();
  return { entry: { event, acceptedAtMs, attempts: 0, ...options, end: resolve, refuse: reject }, ended: promise };
}

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
