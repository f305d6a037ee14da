import type { FeedEvent } from './FeedEvent.js';
import type { TypeSchema } from './TypeSchema.js';

export interface FilterVerdict {
  readonly passes: boolean;
  /** For people: the clause that decided, and what the incident has. */
  readonly because: string;
}

/** Which incidents a target feeds. It asks nobody. */
export interface IncidentFilter {
  /** As written; empty: every incident passes. */
  readonly text: string;
  /** How it was read, where a person may want to know. */
  readonly notes: readonly string[];
  /** What is wrong with its names, by the type of the source's incidents. */
  problems(incidents: TypeSchema): readonly string[];
  judge(incident: FeedEvent): FilterVerdict;
}

/** Another filter than the one of the config. */
export interface OtherFilter {
  readonly text: string;
  /** Whether every clause must hold, or one; default: as the config says. */
  readonly combine?: 'all' | 'any';
}
