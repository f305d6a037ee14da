import type { InherentDifference } from './inherentDifferences.js';

export interface Comparison {
  /** True if nothing is missing, doubled or different. */
  readonly identical: boolean;
  /** Objects of the source that the target lacks. */
  readonly missing: Finding[];
  /** Objects of the target that match no object of the source: a second copy, or one that should have been deleted. */
  readonly doubled: Finding[];
  readonly different: Difference[];
  /** By type: incident, task, note (replies and task notes too), artifact, attachment, milestone, each table's name. */
  readonly counts: Record<string, TypeCount>;
  /** How often each kind of inherent difference occurred. */
  readonly explained: Partial<Record<InherentDifference, number>>;
}

export interface Finding {
  /** Name of the incident, shortened. */
  readonly incident: string;
  readonly incidentId: number;
  readonly type: string;
  /** The object's name or text, shortened. */
  readonly object: string;
  /** Id in the org that has it; for a difference, the id in the source. */
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
  /** How many of `source` the target cannot hold or need not have. */
  sourceOnly: number;
  /** How many of `target` the target made by itself. */
  targetOnly: number;
}
