import type { ObjectKey } from '@soar-feed/core';
import type { TranslatedField } from '../fields/TranslatedField.js';

/** The fields that identify the object in the target, as they were sent. */
export type NaturalKey = readonly TranslatedField[];

/** A create that was begun and is not linked yet. Its request may have been sent. */
export interface Intent {
  readonly source: ObjectKey;
  readonly naturalKey: NaturalKey;
  /** When the create was begun, by the target's clock as measured then; ms since the epoch. */
  readonly sentAtMs: number;
  /** Our own account in the target, which must have made the twin. */
  readonly principalId: number;
  /**
   * Where the object is created. Absent for an incident, and for an object inside the create of its incident: that one is in
   * the incident's counterpart, once this is known.
   */
  readonly targetIncidentId?: number;
  readonly targetTaskId?: number;
  /** Target id of the parent note or artifact. */
  readonly targetParentId?: number;
}
