import type { FeedEvent, FeedTarget, Logger, TargetCapabilities } from '@soar-feed/core';

/** Names an object of a scenario. */
export type ObjectPlace = Pick<FeedEvent, 'key' | 'parent'>;

/** One test's target, not opened yet, and its destination, empty. Add what the case's other functions need. */
export interface TargetBench {
  readonly target: FeedTarget;
  /** Called after the test has closed the target. */
  dispose(): Promise<void>;
}

/** A destination that takes what is sent and never answers. */
export interface Silence {
  /** Resolves once a delivery hangs in it. */
  readonly reached: Promise<unknown>;
  end(): Promise<void>;
}

/** A target to test, and how the suite may look at its destination and disturb it. */
export interface FeedTargetCase<Bench extends TargetBench> {
  readonly name: string;
  /** What the target declares; it chooses which scenarios run. */
  readonly capabilities: TargetCapabilities;
  /** Called before every test. What the target logs outside of its deliveries goes to `log`. */
  make(log: Logger): Promise<Bench>;
  /**
   * Everything at the destination that stands for the object, each in the destination's own form (parsed: the suite looks
   * for texts in it); `[]` when there is nothing. Look at the destination itself, not at what the target remembers: a
   * double must show. The suite never makes two objects of one type below one parent, so a list by parent and type will do.
   */
  readBack(bench: Bench, of: ObjectPlace): Promise<readonly unknown[]>;
  /** The bytes that stand for an attachment; asked only of targets that take contents. */
  readContent?(bench: Bench, of: ObjectPlace): Promise<Uint8Array>;
  /** The whole destination goes away; what it gives back brings it again. */
  outage?(bench: Bench): Promise<() => Promise<void>>;
  /** The destination stops answering. */
  silence?(bench: Bench): Promise<Silence>;
  /** An event that is refused for its own sake, while others are taken; the target is open when this is called. */
  poison?(bench: Bench): Promise<FeedEvent>;
  /** Secret texts among the target's settings: they must not show anywhere. */
  readonly secrets?: readonly string[];
}
