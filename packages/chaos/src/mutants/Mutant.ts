/** One way to break the product on purpose, and the run that must notice it. */
export type Mutant = Break & (CaughtByScenario | CaughtByTest | CaughtByWorlds);

export interface Break {
  /** What the broken code does wrong. */
  readonly name: string;
  /** Path below `packages/`. */
  readonly file: string;
  /** Must occur in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Caught by worlds (docs/testing.md). */
export interface CaughtByWorlds {
  /** The most that it may take. */
  readonly worlds: number;
}

export interface CaughtByScenario {
  readonly scenario: string;
}

/**
 * Caught by a test of the repository, because the next guard hides the fault from everything that looks from outside.
 */
export interface CaughtByTest {
  /** Path below `packages/`. */
  readonly test: string;
}
