import type { ObjectKey } from './ObjectKey.js';

/** What became of an event that did not fail. */
export type DeliveryResult =
  | {
      readonly status: 'delivered';
      readonly change: 'created' | 'updated' | 'deleted' | 'unchanged';
      /** The object's name at the destination, for people: an id, a path, a row. */
      readonly ref?: string;
      /** This incident now matches (again): core loads all of it for this feed, durably. */
      readonly resync?: true;
      /**
       * What else must become durable before the event counts as delivered; the next event of its incident does not
       * wait for that. If it rejects, the event is kept and comes again (after a `StoreError` or `UnavailableError`,
       * once the target has been opened again).
       */
      readonly committed?: Promise<void>;
    }
  /** By design: filtered, excluded, not supported. The reason is counted and logged. */
  | { readonly status: 'skipped'; readonly reason: string }
  /** The parent is not there yet; core parks the event and brings it back once `on` was delivered. */
  | { readonly status: 'waiting'; readonly on: ObjectKey };

/** One event's outcome inside a batch. */
export type DeliveryOutcome = DeliveryResult | { readonly status: 'failed'; readonly error: Error };
