import type { ObjectKey } from '@soar-feed/core';

/** What to do with one event. */
export type Decision =
  /** `resync`: the whole incident must be loaded. */
  | { readonly do: 'create'; readonly resync?: true }
  /** Tasks: an auto-created task of the target may already be this one. */
  | { readonly do: 'adopt-or-create'; readonly resync?: true }
  /** `thaw`: the incident matches again; catch up with what was held back while it did not. */
  | { readonly do: 'update'; readonly thaw?: true; readonly resync?: true }
  /** A note deleted in the source that stays there for its replies. */
  | { readonly do: 'blank' }
  /** Such a note whose delete was carried over: a frame may stand in the target, too, or is needed again. */
  | { readonly do: 'frame' }
  /** A note that was deleted lives in the source again, which was restored: its thread is made anew. */
  | { readonly do: 'refill' }
  /** An incident that was left alone in the target when it was deleted in the source, where it is back. */
  | { readonly do: 'revive' }
  | { readonly do: 'delete' }
  /** An incident in the target no longer matches: it is closed or deleted there. */
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

/** What makes or changes the object in the target. */
export type WriteDecision = Decision & { readonly do: 'create' | 'adopt-or-create' | 'update' };

export type SkipReason =
  | 'filtered'
  | 'replica'
  | 'frozen'
  | 'bypassed'
  | 'already deleted'
  | 'parent deleted'
  | 'deleted note without replies';
