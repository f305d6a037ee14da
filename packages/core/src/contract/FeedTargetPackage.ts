import type { ContainerModule } from 'inversify';
import type { ZodObject } from 'zod';

/** The number of the contract. A package with another number is refused at the start. */
export const CONTRACT = 1;

/** The default export of a target package: what `class=` may say, its settings, and how to make the target. */
export interface FeedTargetPackage {
  /** Lower case, short: `file`. */
  readonly type: string;
  /** Other words `class=` may use for it, such as IBM's `FileFeed`. Compared without case. */
  readonly aliases?: readonly string[];
  readonly contract: number;
  /** One sentence, shown by `soar-feed targets`. */
  readonly summary: string;
  /** The section's keys, built with core's `field` helpers; keys as the file spells them (snake case). */
  readonly config: ZodObject;
  /** Binds `FeedTokens.Target`; loaded into a container of the feed's own. */
  readonly module: ContainerModule;
}

/** Types a package's default export; changes nothing. */
export function defineFeedTarget(target: FeedTargetPackage): FeedTargetPackage {
  return target;
}
