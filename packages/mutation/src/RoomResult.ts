/** One fault that was put in, and what the tests made of it. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  /** What was changed: `ConditionalExpression`, `StringLiteral`… */
  readonly kind: string;
  /** The source text that replaced it. */
  readonly becomes: string;
  /**
   * `Killed`, `Timeout` (a test hung, which counts as noticed), `Survived`, `NoCoverage`, or what kept it from being
   * tried.
   */
  readonly status: string;
}

export interface RoomResult {
  readonly room: string;
  /** Lines of the sample; absent: all lines. */
  readonly sample: number | undefined;
  readonly seed: number;
  readonly faults: readonly Fault[];
}
