import type { ObjectKey } from '@soar-feed/core';
import type { Digests } from './Digests.js';
import type { Intent } from './Intent.js';
import type { Mapping, MappingState, Standing, TargetRef } from './Mapping.js';
import type { MappingFlags } from './MappingFlags.js';

/** What a successful write leaves behind. */
export interface Link {
  readonly target: TargetRef;
  readonly digests: Digests;
  readonly version?: number;
  readonly flags?: MappingFlags;
  /** The object may have a row of IBM's feed under another type name (`note` of a task): it goes. */
  readonly replacesIbmRow?: boolean;
  /** A create that must follow, kept in the same commit: the default note of a new incident. */
  readonly next?: Intent;
}

/**
 * Which object of the source is which object of the target, for one feed. A change is seen by whoever reads next, and
 * durable once its promise resolves; not after one that rejects. Throws `StoreError` when the database cannot tell:
 * absence (`undefined`) is always a fact.
 */
export interface MappingStore {
  /** Looks whether `open` may work, and touches nothing. */
  inspect(): Promise<void>;
  /** Whether what is committed still goes where the next start looks for it. Throws `StoreError`. */
  check(): Promise<void>;
  /** Opens the database and brings its tables to our shape; the target org is known only now. */
  open(targetOrgId: number): Promise<void>;

  find(source: ObjectKey): Promise<Mapping | undefined>;
  /** Several objects of one incident; keyed by `keyText`. */
  findAll(sources: readonly ObjectKey[]): Promise<ReadonlyMap<string, Mapping>>;
  /** The target incidents in which the objects of this source incident stand. */
  placesOf(incident: ObjectKey): Promise<readonly number[]>;
  /** The newest target incident that the mapping speaks of for this source; 0 when there is none. */
  newestTarget(sourceOrgId: number): Promise<number>;
  /** Rows of an incident that carry a flag. */
  flagged(incident: ObjectKey, flag: keyof MappingFlags): Promise<readonly Mapping[]>;
  /** Active, checked rows of one type of that incident. */
  standing(incident: ObjectKey, type: string): Promise<readonly Standing[]>;
  /** Ids of that type in the target incident that already belong to a source object. */
  mappedTargets(targetIncidentId: number, type: string): Promise<ReadonlySet<number>>;
  /**
   * Whether that incident of the target is taken for the counterpart of this source incident from now on: of two that
   * look for theirs at the same time only one may have it.
   */
  claim(targetIncidentId: number, source: ObjectKey): boolean;
  /** Other active source objects of the same type that stand in the same target object. */
  othersWithTarget(source: ObjectKey, targetId: number): Promise<readonly ObjectKey[]>;

  /** The open create of that object, if any. */
  intent(source: ObjectKey): Intent | undefined;
  /** Before the create is sent. */
  begin(intent: Intent): Promise<void>;
  /** The create took no effect, or its effect needs no mapping. With `only`: unless another one was begun since. */
  forgetIntent(source: ObjectKey, only?: Intent): Promise<void>;

  /**
   * The object stands in the target: makes or replaces its active row and ends its intent, in one commit. It need not be
   * waited for before the next object's turn.
   */
  link(source: ObjectKey, link: Link): Promise<void>;
  /**
   * The commit under way of a link that ends the create of that object, if any. Until then its intent stands on disk, and
   * what the intent finds it by must not be changed.
   */
  ending(source: ObjectKey): Promise<void> | undefined;
  /** Changes the state; of an incident: of all its objects too, of a task: of its notes and attachments too. */
  mark(source: ObjectKey, state: MappingState, flags?: MappingFlags): Promise<void>;
  /** An incident that was `bypassed` stands in the source again: it goes on where it was, with all its objects. */
  revive(incident: ObjectKey): Promise<void>;
  /** Replaces the flags of an existing row. */
  flag(source: ObjectKey, flags: MappingFlags): Promise<void>;
  /** The target object is gone and may be made anew: removes the row, and of an incident or task all below it. */
  forget(source: ObjectKey): Promise<void>;
  /** As `forget` for each of what is gone below an incident, and replaces that one's flags, in one commit. */
  forgetBelow(incident: ObjectKey, gone: readonly ObjectKey[], flags: MappingFlags): Promise<void>;
  /** The target incident is gone: `filtered`, and no rows below it, in one commit. Should it come, it is loaded whole. */
  unmatch(incident: ObjectKey): Promise<void>;

  /** The last event of that object which a person was to decide on. */
  doubt(source: ObjectKey): Promise<string | undefined>;
  setDoubt(source: ObjectKey, eventId: string): Promise<void>;

  /** Incidents of this source for which a feed of IBM's had still something to retry. */
  retries(sourceOrgId: number): Promise<readonly number[]>;
  /** What IBM's feed had to retry for them is taken care of otherwise. */
  forgetRetries(sourceOrgId: number, incidentIds: readonly number[]): Promise<void>;

  /** Resolves when what is under way is durable, or has failed. */
  close(): Promise<void>;
}
