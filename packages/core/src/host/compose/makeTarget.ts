import { Container } from 'inversify';
import { TargetLoadError } from '../../contract/errors.js';
import type { FeedTarget } from '../../contract/FeedTarget.js';
import type { FeedTargetPackage } from '../../contract/FeedTargetPackage.js';
import type { Logger } from '../../contract/Logger.js';
import { FeedTokens } from '../../contract/tokens.js';
import { messageOf } from '../../trouble/messageOf.js';

/**
 * Makes a feed's target in its own container below the host's: two feeds of one class do not see each other's settings.
 * Throws `TargetLoadError` when the package binds no usable target.
 */
export function makeTarget(
  root: Container,
  feed: { readonly name: string; readonly config: unknown; readonly log: Logger },
  definition: FeedTargetPackage,
): FeedTarget {
  const container = new Container({ parent: root });
  container.bind(FeedTokens.Name).toConstantValue(feed.name);
  container.bind(FeedTokens.Config).toConstantValue(feed.config);
  container.bind(FeedTokens.Logger).toConstantValue(feed.log);
  let target: FeedTarget;
  try {
    container.load(definition.module);
    target = container.get<FeedTarget>(FeedTokens.Target);
  } catch (error) {
    throw new TargetLoadError(`the module of ${definition.type} gives no target: ${whyOf(error)}`, {
      code: 'target-broken',
      cause: error,
    });
  }
  const { batch } = target.capabilities;
  if (batch !== undefined && target.deliverBatch === undefined) {
    throw new TargetLoadError(`the target of ${definition.type} declares batches but has no deliverBatch`, {
      code: 'target-broken',
    });
  }
  return target;
}

/** inversify takes anything that the module's function returns for a promise, and its own message does not say so. */
function whyOf(error: unknown): string {
  const why = messageOf(error);
  if (!why.includes('asynchronous module')) return why;
  return 'its function must return nothing: write `({ bind }) => { bind(…); }`, with braces and without async';
}
