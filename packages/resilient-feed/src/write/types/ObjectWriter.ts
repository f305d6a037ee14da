import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import type { TargetObject } from '../TargetObject.js';
import type { WriteJob } from '../WriteJob.js';

/** Where and at which version an object is known to stand. */
export interface TargetVersion {
  readonly target: TargetRef;
  readonly version?: number;
}

export interface Updated {
  readonly version?: number;
  /** Fields the server would not take while it took the others: the close of an incident. */
  readonly refused?: { readonly fields: readonly TranslatedField[]; readonly error: unknown };
}

/**
 * How one type of object is written: the requests and nothing else. Mapping, intents and comparing are `OrgWriter`'s.
 * Methods throw what the client throws (`SoarApiError`).
 */
export interface ObjectWriter {
  /** Fields that tell the object among its siblings. */
  naturalKey(job: WriteJob): NaturalKey;
  /** false where the natural key may have been edited since: then another one alone proves nothing. */
  readonly keyIsFixed: boolean;
  /** Throws `PermanentError` on what the target can never take, before anything is sent or downloaded. */
  check?(job: WriteJob): void;
  create(job: WriteJob): Promise<TargetObject>;
  /** A create may leave it unset: compare the answer, send the rest. */
  mayNotStick?(field: TranslatedField, job: WriteJob): boolean;
  /** `changed`: what differs; `job.fields` has all, for types that are written whole. */
  update(job: WriteJob, changed: readonly TranslatedField[], known: TargetVersion): Promise<Updated>;
  /** Deletes one object. `refused`: the platform keeps this one for good. Throws 404 where it is gone already. */
  remove(target: TargetRef, type: string, signal: AbortSignal): Promise<'removed' | 'refused'>;
  /** Everything of this type at the place. */
  list(place: Place, type: string, signal: AbortSignal): Promise<readonly TargetObject[]>;
}
