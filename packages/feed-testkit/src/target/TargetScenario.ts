import type { TargetSubject } from './TargetSubject.js';
import type { TargetTraits } from './traitsOf.js';

/** One promise of the contract; `run` rejects when the target breaks it. */
export interface TargetScenario {
  /** Reads as a sentence after the target's name. */
  readonly name: string;
  /** Absent: the scenario is for every target. */
  readonly isFor?: (traits: TargetTraits) => boolean;
  run(subject: TargetSubject): Promise<void>;
}
