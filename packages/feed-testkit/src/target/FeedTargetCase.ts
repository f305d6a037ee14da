import type { FeedEvent, FeedTarget, Logger, TargetCapabilities } from '@soar-feed/core';
import type { TestRunner } from '../runner/TestRunner.js';
import type { TargetReport } from './TargetReport.js';

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
  /**
   * Another target on the same destination, not opened yet: what a host makes after it was killed. It knows only what
   * the destination and the target's own files hold. The suite closes it.
   */
  another?(bench: Bench, log: Logger): Promise<FeedTarget>;
  /** The target itself keeps an older snapshot from overwriting a newer one, or a delete. Core does so in any case. */
  readonly refusesStale?: boolean;
  /** A custom field that is new in the schema appears at the destination without a restart. */
  readonly followsSchema?: boolean;
  /** For each test, ms, where the runner takes one as the third argument of `it` (Jest, Vitest). */
  readonly timeoutMs?: number;
  /** Default: the runner this process is under, whose functions the kit finds by itself. */
  readonly runner?: TestRunner;
  /** Gets the report at the end; default: it is printed to stderr. */
  report?(report: TargetReport): void;
}
