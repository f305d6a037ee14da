import type { ObjectKey } from '@soar-feed/core';

/** `targetId`: the counterpart that was deleted; the object may have another one by now. Older versions did not write it. */
export type Gone = Pick<ObjectKey, 'type' | 'objectId'> & { readonly targetId?: number };

/** Our own marks beside IBM's state. IBM's feed does not see them. */
export interface MappingFlags {
  /**
   * An incident that came from this feed's target: neither it nor its objects are sent back. Its state is `filtered`.
   * `note`: known by the note about its origin.
   */
  readonly replica?: true | 'note';
  /** An active incident that stopped matching: its counterpart stays as it was, and so do its objects. */
  readonly frozen?: true;
  /** An incident that stopped matching must be closed in the target, and is not closed yet. */
  readonly closeDue?: true;
  /** An incident that was found again after its row was lost: its objects may be in the target, too. */
  readonly adopted?: true;
  /**
   * Deleted in the source while its incident was frozen: to be deleted in the target when the incident matches again.
   */
  readonly deleteDue?: true;
  /**
   * On an incident: objects that somebody deleted in the target, maybe itself. Their rows are deleted when the incident
   * comes, which is then loaded whole.
   */
  readonly gone?: readonly Gone[];
  /** The incident must be loaded whole. Each of its events asks for it again until it comes with all its objects. */
  readonly resyncDue?: true;
  /**
   * A note that the source deleted and keeps for its replies: to be deleted once these notes of the source are in the
   * target.
   */
  readonly blankAfter?: readonly number[];
  /** Such a note after its delete: a blank frame in the target, still the parent of its replies. */
  readonly blanked?: true;
  /** What stands in the target may differ from what was sent: the next write compares with it. */
  readonly recheck?: true;
}
