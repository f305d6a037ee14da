import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import type { TargetObject } from '../TargetObject.js';
import type { WriteJob } from '../WriteJob.js';

/** The target object that an update changes, with its last known version. */
export interface TargetVersion {
  readonly target: TargetRef;
  readonly version?: number;
}

export interface Updated {
  readonly version?: number;
  /** Fields that the server refused while it took the others: the close of an incident. */
  readonly refused?: { readonly fields: readonly TranslatedField[]; readonly error: unknown };
}

/**
 * How one type of object is written: the requests and nothing else. Intents and links are the business of `CreateOnce`
 * and `Updates`. Methods throw what the client throws (`SoarApiError`).
 */
export interface ObjectWriter {
  /** Fields that identify the object among its siblings. */
  naturalKey(job: WriteJob): NaturalKey;
  /** `false`: the natural key may have been edited since, so a different one proves nothing. */
  readonly keyIsFixed: boolean;
  /** Throws `PermanentError` if the target can never take the object, before anything is sent or downloaded. */
  check?(job: WriteJob): void;
  create(job: WriteJob): Promise<TargetObject>;
  /** A create may leave the field unset: the answer is compared, and the rest is sent. */
  mayNotStick?(field: TranslatedField, job: WriteJob): boolean;
  /** `changed`: the fields that differ. `job.fields` has all fields, for types that are written whole. */
  update(job: WriteJob, changed: readonly TranslatedField[], known: TargetVersion): Promise<Updated>;
  /** Deletes one object. `refused`: the platform keeps this one for good. Throws a 404 if it is already gone. */
  remove(target: TargetRef, type: string, signal: AbortSignal): Promise<'removed' | 'refused'>;
  /** Lists everything of this type at the place. */
  list(place: Place, type: string, signal: AbortSignal): Promise<readonly TargetObject[]>;
}
