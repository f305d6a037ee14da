import type { ObjectKey } from '@soar-feed/core';
import type { TranslatedField } from '../fields/TranslatedField.js';

/** The fields by which the object can be found again in the target, as they were sent. */
export type NaturalKey = readonly TranslatedField[];

/** A create that was, or may have been, sent and is not linked yet. */
export interface Intent {
  readonly source: ObjectKey;
  readonly naturalKey: NaturalKey;
  /** The target's clock (as measured then), ms since the epoch. */
  readonly sentAtMs: number;
  /** Our own principal's id in the target: the twin must be its work. */
  readonly principalId: number;
  /** Where it was created; absent for an incident. */
  readonly targetIncidentId?: number;
  readonly targetTaskId?: number;
  /** Target id of the parent note or artifact. */
  readonly targetParentId?: number;
}
