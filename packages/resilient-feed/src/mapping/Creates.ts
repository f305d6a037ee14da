import type { ObjectKey } from '@soar-feed/core';
import type { Digests } from './Digests.js';
import type { Intent } from './Intent.js';
import type { TargetRef } from './Mapping.js';
import type { MappingFlags } from './MappingFlags.js';

/** What a successful write leaves in the mapping. */
export interface Link {
  readonly target: TargetRef;
  readonly digests: Digests;
  readonly version?: number;
  readonly flags?: MappingFlags;
  /** The object may have a row of IBM's feed under another type name (`note` for a task's note): that row is deleted. */
  readonly replacesIbmRow?: boolean;
  /** A create that must follow, begun in the same commit: the default note of a new incident. */
  readonly next?: Intent;
}

/**
 * What a create needs of the mapping. A create is open from `begin` until `link` or `end`; its intent stays on disk until
 * their commit, so a crash in between leaves a create to look for.
 *
 * A change is visible to the next reader at once, and durable when its promise resolves. If the promise rejects, nothing
 * has changed. Methods throw `StoreError` when the database fails.
 */
export interface Creates {
  /** The intent of the object's open create; `undefined`: it has none. */
  intent(source: ObjectKey): Intent | undefined;
  /**
   * The intents of all open creates in this incident of the target, also of those whose end is being committed. `of`: an
   * object of its counterpart, for the creates that began with the counterpart's own.
   */
  openIn(targetIncidentId: number, of: ObjectKey): readonly Intent[];
  /** The intents of this incident's objects whose creates began with its own, before its place was known. */
  along(incident: ObjectKey): readonly Intent[];
  /** Opens a create. Wait for it before anything is sent. */
  begin(intent: Intent): Promise<void>;
  /**
   * Ends an open create without a row: it had no effect, or what it made needs none. With `only`, ends it only if that
   * intent is still the current one.
   */
  end(source: ObjectKey, only?: Intent): Promise<void>;
  /**
   * The object is in the target: writes its active row and ends its create, if one is open, in one commit. The next
   * object need not wait for the commit.
   */
  link(source: ObjectKey, link: Link): Promise<void>;
  /**
   * The running commit that ends the object's create, if any. Until it is done the intent is still on disk, so the fields
   * that identify the object must not change in the target.
   */
  ending(source: ObjectKey): Promise<void> | undefined;
  /**
   * Reserves an incident of the target as the counterpart of this source incident. `false`: another source incident has
   * it already. Two incidents that look for their counterparts at the same time cannot both take the same one.
   */
  claim(targetIncidentId: number, source: ObjectKey): boolean;
}
