import type { ObjectKey } from '@soar-feed/core';

/** What becomes of one event. */
export type Decision =
  /** `resync`: the whole incident must be loaded. */
  | { readonly do: 'create'; readonly resync?: true }
  /** A task may already be in the target, because the platform made it there by itself. */
  | { readonly do: 'adopt-or-create'; readonly resync?: true }
  /** `thaw`: the incident matches again and catches up with what was held back meanwhile. */
  | { readonly do: 'update'; readonly thaw?: true; readonly resync?: true }
  /** The source deleted a note and keeps it as a blank frame for its replies. */
  | { readonly do: 'blank' }
  /** Such a note was deleted in the target, too. The target may have kept a frame, or a new one is needed. */
  | { readonly do: 'frame' }
  /** The source was restored and has a deleted note again: its thread is made anew. */
  | { readonly do: 'refill' }
  /** An incident is back in the source. It was left alone in the target when the source deleted it. */
  | { readonly do: 'revive' }
  /** The source has given the id to another object: the counterpart of the older one goes, and the new one is made. */
  | { readonly do: 'replace' }
  | { readonly do: 'delete' }
  /** An incident of the target no longer matches, and is closed or deleted there. */
  | { readonly do: 'unmatch'; readonly how: 'close' | 'delete' }
  /** The incident is gone in the source and stays in the target for good. */
  | { readonly do: 'bypass' }
  | {
      readonly do: 'skip';
      readonly reason: SkipReason;
      readonly mark?: 'filtered' | 'replica' | 'frozen' | 'delete-due';
    }
  | { readonly do: 'nothing'; readonly why: 'immutable' | 'not-in-target' | 'already-deleted' }
  | { readonly do: 'wait'; readonly on: ObjectKey };

/** Decisions that make or change the object in the target. */
export type WriteDecision = Decision & { readonly do: 'create' | 'adopt-or-create' | 'update' };

export type SkipReason =
  | 'filtered'
  | 'replica'
  | 'frozen'
  | 'bypassed'
  | 'already deleted'
  | 'parent deleted'
  | 'deleted note without replies';
