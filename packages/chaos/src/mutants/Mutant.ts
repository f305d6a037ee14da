/** One way to break the product on purpose, and the run that must notice it. */
export type Mutant = Break & (CaughtByScenario | CaughtByTest);

export interface Break {
  /** What the code does wrong then. */
  readonly name: string;
  /** Below `packages/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
}

export interface CaughtByScenario {
  readonly scenario: string;
}

/** Where the next guard hides the fault from whoever looks from outside: a test of the repository. */
export interface CaughtByTest {
  /** Below `packages/`. */
  readonly test: string;
}
