/** One way to break the product on purpose, and the run that must notice it. */
export interface Mutant {
  /** What the code does wrong then. */
  readonly name: string;
  /** Below `packages/`. */
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  readonly scenario: string;
}
