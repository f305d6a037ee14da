import type { ObjectKey } from '@soar-feed/core';
import type { Digests } from './Digests.js';
import type { MappingFlags } from './MappingFlags.js';

/**
 * IBM's states. `active`: the object stands in the target. `filtered`: its incident does not match. `deleted`: gone in
 * the source, and in the target. `bypassed`: the incident is gone in the source and was left alone in the target.
 */
export type MappingState = 'active' | 'filtered' | 'deleted' | 'bypassed';

/** Where an object of the source stands in the target org. Never 0 as an id. */
export interface TargetRef {
  readonly incidentId: number;
  readonly objectId: number;
  /** The target's task, for its notes and attachments. */
  readonly taskId?: number;
  /** Further objects that one source object became: an artifact value the target split. */
  readonly extraIds?: readonly number[];
}

/** One row: a source object and what became of it. */
export interface Mapping {
  readonly source: ObjectKey;
  readonly state: MappingState;
  /** Absent where the object never stood in the target. */
  readonly target?: TargetRef;
  /** What was sent last, field by field; empty on a row of IBM's feed. */
  readonly digests: Digests;
  /** The row's or incident's version in the last answer. */
  readonly version?: number;
  readonly flags: MappingFlags;
  /** false on a row that IBM's feed wrote: look before trusting it. */
  readonly verified: boolean;
}

/** A row whose object stands in the target. */
export type Standing = Mapping & { readonly target: TargetRef };

/** Every object of the target that the row stands for. */
export function targetIds({ target }: Mapping): readonly number[] {
  return target === undefined ? [] : [target.objectId, ...(target.extraIds ?? [])];
}

/** Of one incident's rows, the active and verified ones of that type. */
export function standing(rows: ReadonlyMap<string, Mapping>, type: string): readonly Standing[] {
  return [...rows.values()]
    .filter(({ source, state, verified }) => source.type === type && state === 'active' && verified)
    .filter((mapping): mapping is Standing => mapping.target !== undefined);
}

/** Of one incident's rows, the other active ones of the same type that stand for the same object of the target. */
export function sharing(rows: ReadonlyMap<string, Mapping>, source: ObjectKey, targetId: number): readonly ObjectKey[] {
  return [...rows.values()]
    .filter((other) => other.state === 'active' && other.source.type === source.type)
    .filter((other) => other.source.objectId !== source.objectId && targetIds(other).includes(targetId))
    .map((other) => other.source);
}
