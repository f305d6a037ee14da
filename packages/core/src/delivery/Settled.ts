/** How one event ended at one feed; every accepted event ends in exactly one of these ways. */
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
