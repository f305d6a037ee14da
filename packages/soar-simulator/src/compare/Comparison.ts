import type { InherentDifference } from './inherentDifferences.js';

export interface Comparison {
  /** Nothing missing, doubled or different. */
  readonly identical: boolean;
  /** Objects of the source that the target lacks. */
  readonly missing: Finding[];
  /** Objects of the target that no source object claims: a second copy, or one that should have been deleted. */
  readonly doubled: Finding[];
  readonly different: Difference[];
  /** By type: incident, task, note (replies and task notes too), artifact, attachment, milestone, each table's name. */
  readonly counts: Record<string, TypeCount>;
  /** How often each kind of inherent difference was met. */
  readonly explained: Partial<Record<InherentDifference, number>>;
}

export interface Finding {
  /** Name of the incident, shortened. */
  readonly incident: string;
  readonly incidentId: number;
  readonly type: string;
  /** What the object is called or says, shortened. */
  readonly object: string;
  /** Id in the org that has it; of the source for a difference. */
  readonly objectId: number;
}

export interface Difference extends Finding {
  readonly targetId: number;
  /** `name`, `properties.cost`, `cells.host`, `parent`, `content`. */
  readonly field: string;
  /** As JSON, shortened. */
  readonly source: string;
  readonly target: string;
}

export interface TypeCount {
  source: number;
  target: number;
  /** Of `source`: what the target cannot hold or needs not have. */
  sourceOnly: number;
  /** Of `target`: what it has by itself. */
  targetOnly: number;
}
