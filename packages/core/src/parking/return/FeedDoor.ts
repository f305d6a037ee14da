import type { FeedEvent } from '../../contract/FeedEvent.js';
import type { ListedRow, ParkedFailure } from '../../contract/FeedStore.js';

/** What comes with an event that was read from the source for the sake of a row. */
export interface BroughtBy {
  /** The row that the event comes from. */
  readonly parkedRevision?: number;
  /** When the request was sent that read it; ms, source clock. */
  readonly requestedAtMs?: number;
}

/** The one door of a feed that parked rows come back through, and when it is open. */
export interface FeedDoor {
  readonly name: string;
  /** The target is open. */
  readonly up: boolean;
  /** Further events would only be parked. */
  readonly lagging: boolean;
  /** There is room for another row, and the target is open. */
  readonly takesRows: boolean;
  /** Whether an event of this incident is on its way. */
  holds(incidentId: number): boolean;
  /** This event, if it is on its way, with the revision of its row, if it has one. */
  underWay(incidentId: number, eventId: string): { readonly parkedRevision: number | undefined } | undefined;
  /** Resolves when another event of the incident fits. */
  room(incidentId: number): Promise<void>;
  /** Puts an event into its lane at once; resolves at its end. */
  accept(event: FeedEvent, broughtBy: BroughtBy): Promise<unknown>;
  /** Ends a row without a delivery: its object is gone at the source, or it is given up. */
  endRow(row: ListedRow, how: 'gone' | ParkedFailure): Promise<void>;
  /** Hears of every event that was delivered or skipped, before its incident's next one is served. */
  onEnd(listener: (event: FeedEvent) => Promise<void>): void;
}
