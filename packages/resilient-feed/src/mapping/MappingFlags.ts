import type { ObjectKey } from '@soar-feed/core';

/** Marks of our own beside IBM's state; IBM's feed does not see them. */
export interface MappingFlags {
  /** An incident that came from this feed's target org: neither it nor its objects are sent back. Its state is `filtered`. `note`: told by the note about its origin. */
  readonly replica?: true | 'note';
  /** An active incident that stopped matching: the target stays as it was, so do its objects. */
  readonly frozen?: true;
  /** Not closed yet in the target, since it stopped matching where that closes it. */
  readonly closeDue?: true;
  /** An incident that was found again after its row was lost: its objects may stand in the target, too. */
  readonly adopted?: true;
  /** Deleted in the source while its incident was frozen: deleted in the target when the incident matches again. */
  readonly deleteDue?: true;
  /** On an incident: what somebody deleted in the target, itself maybe. Their rows go when it comes, to be loaded whole. */
  readonly gone?: readonly Pick<ObjectKey, 'type' | 'objectId'>[];
  /** The incident must be loaded whole; until it comes so, each of its events says it again. */
  readonly resyncDue?: true;
  /** A note that the source deleted but kept for its replies: delete it once these source notes stand in the target. */
  readonly blankAfter?: readonly number[];
  /** Such a note after its delete: blank in the target, still the parent of its replies. */
  readonly blanked?: true;
}
