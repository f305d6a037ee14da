import type { ObjectKey } from '@soar-feed/core';
import type { Mapping, MappingState } from './Mapping.js';
import type { MappingFlags } from './MappingFlags.js';

/**
 * What look-ups need of the mapping: which object of the source is which object of the target, and what has become of
 * those that are not there. Rows of links whose commit is still running are included.
 *
 * A change is visible to the next reader at once, and durable when its promise resolves. If the promise rejects, nothing
 * has changed. Methods throw `StoreError` when the database fails, so `undefined` always means that there is no row.
 */
export interface Rows {
  find(source: ObjectKey): Promise<Mapping | undefined>;
  /** Several objects of one incident, by `keyText`. */
  findAll(sources: readonly ObjectKey[]): Promise<ReadonlyMap<string, Mapping>>;
  /** Every row of the incident that `source` belongs to, by `keyText`. */
  ofIncident(source: ObjectKey): Promise<ReadonlyMap<string, Mapping>>;
  /** Ids of what is of this type in the target incident, and already belongs to an object of the source. */
  mappedTargets(targetIncidentId: number, type: string): Promise<ReadonlySet<number>>;
  /** Highest id of a target incident that the mapping knows for this source; 0: it knows none. */
  newestTarget(sourceOrgId: number): Promise<number>;

  /** Sets the state of a row, and of all rows below an incident or task. Makes the row if there is none. */
  mark(source: ObjectKey, state: MappingState, flags?: MappingFlags): Promise<void>;
  /** Replaces the flags of a row. */
  flag(source: ObjectKey, flags: MappingFlags): Promise<void>;
  /** Makes a `bypassed` incident active again, with all its objects. */
  revive(incident: ObjectKey): Promise<void>;
  /** Deletes the row, and all rows below an incident or task: the object will be made again. */
  forget(source: ObjectKey): Promise<void>;
  /** Does what `forget` does for each of `gone` and replaces the incident's flags, in one commit. */
  forgetBelow(incident: ObjectKey, gone: readonly ObjectKey[], flags: MappingFlags): Promise<void>;
  /**
   * Gives out what the incident's row owes: a load of the whole incident, because rows of its objects were forgotten and the event
   * that should have asked for that may have failed. `true` once for each time that rows were forgotten, and once in a new
   * process: the row stays as it is until the incident is written, which may never be possible.
   */
  takeResync(incident: Mapping): boolean;
  /** Makes the incident `filtered` and deletes all rows below it, in one commit: it will be loaded whole. */
  unmatch(incident: ObjectKey): Promise<void>;
}
