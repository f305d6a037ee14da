import type { SoarObject } from './FeedEvent.js';

/** How much a finding matters, the worst first. */
export const GRAVITIES = ['blocks', 'loses', 'changes', 'note'] as const;

/**
 * `blocks`: deliveries are refused. `loses`: values or objects do not arrive. `changes`: they arrive otherwise than they
 * are. `note`: worth knowing.
 */
export type Gravity = (typeof GRAVITIES)[number];

/** One thing in which source and destination do not fit, found before anything is written. */
export interface Finding {
  readonly gravity: Gravity;
  /** The kind of thing, in plain words: `field`, `option`, `user`. */
  readonly area: string;
  /** What it is about, as the schema or the config names it: `incident.cost`. */
  readonly subject: string;
  readonly problem: string;
  /** What follows for the feed. */
  readonly consequence: string;
  /** What a person can do. */
  readonly fix: string;
  /** All that it concerns, such as the labels of missing options. */
  readonly names?: readonly string[];
}

export interface Examination {
  readonly findings: readonly Finding[];
  /** What an import would add to the destination, by list of a configuration export. Absent: nothing. */
  readonly lacks?: Readonly<Record<string, readonly SoarObject[]>>;
}

/** What is known of the source beyond its schema. Absent: it does not show it. */
export interface ExamineContext {
  readonly signal: AbortSignal;
  /** Its `/const`: limits and version. */
  readonly constants?: SoarObject;
  readonly artifactTypes?: readonly SoarObject[];
}
