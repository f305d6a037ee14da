import type { ObjectKey } from '@soar-feed/core';
import type { Digests } from './Digests.js';
import type { MappingFlags } from './MappingFlags.js';

/**
 * IBM's states. `active`: the object is in the target. `filtered`: its incident does not match. `deleted`: gone in the
 * source and in the target. `bypassed`: the incident is gone in the source and was left alone in the target.
 */
export type MappingState = 'active' | 'filtered' | 'deleted' | 'bypassed';

/** Where the counterpart of an object is in the target organization. Ids are never 0. */
export interface TargetRef {
  readonly incidentId: number;
  readonly objectId: number;
  /** The target's task, for its notes and attachments. */
  readonly taskId?: number;
  /** Further objects that one source object became: the target split an artifact's value. */
  readonly extraIds?: readonly number[];
}

/** One row: a source object and what became of it. */
export interface Mapping {
  readonly source: ObjectKey;
  readonly state: MappingState;
  /** Absent if the object never was in the target. */
  readonly target?: TargetRef;
  /** What was sent last, by field; empty on a row of IBM's feed. */
  readonly digests: Digests;
  /** Version of the data table row or incident in the last answer. */
  readonly version?: number;
  readonly flags: MappingFlags;
  /** `false` on a row that IBM's feed wrote: its object must be verified first. */
  readonly verified: boolean;
}

/** A row whose object is in the target. */
export type Standing = Mapping & { readonly target: TargetRef };

/** Ids of every object of the target that the row stands for. */
export function targetIds({ target }: Mapping): readonly number[] {
  return target === undefined ? [] : [target.objectId, ...(target.extraIds ?? [])];
}

/** The active and verified rows of that type, among the rows of one incident. */
export function standing(rows: ReadonlyMap<string, Mapping>, type: string): readonly Standing[] {
  return [...rows.values()]
    .filter(({ source, state, verified }) => source.type === type && state === 'active' && verified)
    .filter((mapping): mapping is Standing => mapping.target !== undefined);
}

/**
 * Other active objects of the same type that stand for the same object of the target, among the rows of one incident.
 */
export function sharing(rows: ReadonlyMap<string, Mapping>, source: ObjectKey, targetId: number): readonly ObjectKey[] {
  return [...rows.values()]
    .filter((other) => other.state === 'active' && other.source.type === source.type)
    .filter((other) => other.source.objectId !== source.objectId && targetIds(other).includes(targetId))
    .map((other) => other.source);
}
