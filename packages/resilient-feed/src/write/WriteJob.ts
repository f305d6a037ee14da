import type { DeliverContext, FeedEvent, Logger } from '@soar-feed/core';
import type { Place } from '../mapping/Place.js';
import type { TranslatedField } from '../fields/TranslatedField.js';
import type { Along } from './Along.js';
import type { Commits } from './Commits.js';

/** One object on its way into the target. */
export interface WriteJob {
  readonly event: FeedEvent;
  /** The object in the target's terms, without what is held back for later. */
  readonly fields: readonly TranslatedField[];
  /** Absent for an incident. */
  readonly place?: Place;
  /** Of an incident that is to be made. */
  readonly along?: Along;
  /** Of an incident that is read whole; see `DeliverContext`. */
  readonly following?: DeliverContext['following'];
  readonly signal: AbortSignal;
  /** Counts from 1. */
  readonly attempt: number;
  readonly log: Logger;
  readonly commits: Commits;
  /** Waits for a commit of the mapping without holding one of the feed's `concurrency` places. */
  readonly aside: <T>(work: Promise<T>) => Promise<T>;
}

/** The place of a job whose object has one. */
export function placeOf(job: WriteJob): Place {
  if (job.place === undefined)
    throw new TypeError(`a ${job.event.key.type} has no place in the target without its incident`);
  return job.place;
}
