import type { DeliverContext, FeedEvent } from '@soar-feed/core';
import type { TranslatedField } from '../fields/TranslatedField.js';
import type { Known } from '../mapping/lookUp.js';
import type { Commits } from '../write/Commits.js';
import type { WriteJob } from '../write/WriteJob.js';

export interface Context extends DeliverContext {
  readonly commits: Commits;
}

/** One event, with what the mapping knows of its object. */
export interface Work {
  readonly event: FeedEvent;
  readonly known: Known;
  readonly context: Context;
}

/** The same work for an object without a counterpart, which must be made. */
export function withoutCounterpart(work: Work): Work {
  return { ...work, known: { ...work.known, mapping: undefined } };
}

export function jobOf({ event, known: { place }, context }: Work, fields: readonly TranslatedField[]): WriteJob {
  const { signal, attempt, log, commits, aside = (work) => work, following } = context;
  return {
    ...{ event, fields, signal, attempt, log, commits, aside },
    ...(place === undefined ? {} : { place }),
    ...(following === undefined ? {} : { following }),
  };
}
