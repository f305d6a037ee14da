import type { FeedEvent, FeedTarget, Logger, TargetCapabilities } from '@soar-feed/core';

/** Identifies an object of a scenario. */
export type ObjectPlace = Pick<FeedEvent, 'key' | 'parent'>;

/** One test's target, not opened yet, and its empty destination. Add what the case's other functions need. */
export interface TargetBench {
  readonly target: FeedTarget;
  /** Called after the test has closed the target. */
  dispose(): Promise<void>;
}

/** A destination that accepts what is sent and never answers. */
export interface Silence {
  /** Resolves once a delivery hangs. */
  readonly reached: Promise<unknown>;
  end(): Promise<void>;
}

/** A target to test, with the means to read its destination and to disturb it. */
export interface FeedTargetCase<Bench extends TargetBench> {
  readonly name: string;
  /** What the target declares; it decides which scenarios run. */
  readonly capabilities: TargetCapabilities;
  /** Called before every test. The target logs to `log` what it logs outside of its deliveries. */
  make(log: Logger): Promise<Bench>;
  /**
   * Everything at the destination that stands for the object, each in the destination's own form (parsed: the suite
   * looks for texts in it); `[]` when there is nothing. Read the destination itself, not what the target remembers: a
   * duplicate must show. The suite never makes two objects of one type below one parent, so a list by parent and type
   * is enough.
   */
  readBack(bench: Bench, of: ObjectPlace): Promise<readonly unknown[]>;
  /** The bytes that stand for an attachment; called only for targets that take contents. */
  readContent?(bench: Bench, of: ObjectPlace): Promise<Uint8Array>;
  /** Takes the whole destination away; the function that it returns brings it back. */
  outage?(bench: Bench): Promise<() => Promise<void>>;
  /** The destination stops answering. */
  silence?(bench: Bench): Promise<Silence>;
  /** An event that is refused because of its content, while others are taken; called while the target is open. */
  poison?(bench: Bench): Promise<FeedEvent>;
  /** Secret texts in the target's settings; they must not appear anywhere. */
  readonly secrets?: readonly string[];
}
