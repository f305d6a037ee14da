import type { PassingEvent } from '@soar-feed/core/runtime';

/** One line of the stream of events. */
export type TapLine =
  /** The first line: from now on events come. */
  | { readonly kind: 'listening'; readonly atMs: number }
  | TapEvent
  /** So many events came faster than they were read, and are left out here; the host did not wait. */
  | { readonly kind: 'dropped'; readonly events: number }
  /** The last line: the host stops. */
  | { readonly kind: 'end' };

export interface TapEvent extends PassingEvent {
  readonly kind: 'event';
  /** If asked for: the names of the fields that changed since the object passed before; absent the first time. */
  readonly fields?: readonly string[];
}
