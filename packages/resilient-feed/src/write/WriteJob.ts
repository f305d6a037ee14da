import type { FeedEvent, Logger } from '@soar-feed/core';
import type { TranslatedField } from '../translate/TranslatedField.js';
import type { Commits } from './Commits.js';

/** Where an object goes in the target; ids of the target. */
export interface Place {
  readonly incidentId: number;
  /** The task of a task's note or attachment. */
  readonly taskId?: number;
  /** The parent note of a reply, the parent artifact of an artifact. */
  readonly parentId?: number;
}

/** One object on its way into the target. */
export interface WriteJob {
  readonly event: FeedEvent;
  /** The object in the target's terms; what is held back for later is not in it. */
  readonly fields: readonly TranslatedField[];
  /** Absent for an incident. */
  readonly place?: Place;
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  readonly log: Logger;
  readonly commits: Commits;
  /** Waits for the mapping's disk without a place at the target. */
  readonly aside: <T>(work: Promise<T>) => Promise<T>;
}

/** The place of an object that has one. */
export function placeOf(job: WriteJob): Place {
  if (job.place === undefined)
    throw new TypeError(`a ${job.event.key.type} has no place in the target without its incident`);
  return job.place;
}
