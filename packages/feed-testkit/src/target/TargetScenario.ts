import type { Need } from './needs.js';
import type { TargetSubject } from './TargetSubject.js';

/** One promise of the contract; `run` rejects when the target breaks it. */
export interface TargetScenario {
  /** Reads as a sentence after the target's name. */
  readonly name: string;
  /** Absent: the scenario is for every target. */
  readonly needs?: readonly Need[];
  run(subject: TargetSubject): Promise<void>;
}
