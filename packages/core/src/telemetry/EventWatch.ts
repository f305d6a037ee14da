import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';

/** What happened to one event: which object, and what became of it. It holds no value of any field. */
export interface PassingEvent {
  /** ms since the epoch, host clock. */
  readonly atMs: number;
  /** Absent on what the queue brought: that is before any feed. */
  readonly feed?: string;
  readonly type: string;
  readonly objectId: number;
  readonly incidentId: number;
  readonly operation: FeedEvent['operation'];
  readonly origin: FeedEvent['origin'];
  readonly outcome:
    | 'received'
    | 'created'
    | 'updated'
    | 'deleted'
    | 'unchanged'
    | 'skipped'
    | 'superseded'
    | 'retried'
    | 'waiting'
    | 'deferred'
    | 'failed'
    | 'undecided';
  /** Of what failed. */
  readonly code?: string;
  /** Since the change, where its time is known, ms. */
  readonly ms?: number;
}

/** `of`: the event itself, for what a listener works out from it; absent where only a row is known. */
export type EventListener = (passing: PassingEvent, of?: { readonly id: string; readonly payload: SoarObject }) => void;

/** Tells whoever watches of events as they pass. While nobody does, it costs nothing. */
export class EventWatch {
  private readonly listeners = new Set<EventListener>();

  /** Returns what ends it. A listener must neither throw nor take long: the events wait for it. */
  listen(listener: EventListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** `make` is called only if somebody watches. */
  tell(make: () => PassingEvent, of?: FeedEvent): void {
    if (this.listeners.size === 0) return;
    const passing = make();
    for (const listener of this.listeners) listener(passing, of);
  }
}
