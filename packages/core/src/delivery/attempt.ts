import { within } from '@soar-feed/soar-client';
import type { GivenUp } from '@soar-feed/soar-client';
import type { DeliveryOutcome } from '../contract/DeliveryResult.js';
import { RetryableError } from '../contract/errors.js';
import type { DeliverContext, FeedTarget } from '../contract/FeedTarget.js';
import type { FeedEvent } from '../contract/FeedEvent.js';
import { ContentWatch } from './ContentWatch.js';

export interface AttemptOptions {
  /** ms until the call is aborted and counts as retryable. */
  readonly timeoutMs: number;
  /** Aborted when the host gives up waiting. */
  readonly signal: AbortSignal;
}

/** The target's answer for one event, and what went wrong at the source meanwhile. */
export interface Attempted {
  readonly outcome: DeliveryOutcome;
  readonly sourceFailure?: unknown;
}

/**
 * One call of the target for one run of events; never throws. A target without `deliverBatch` is given exactly one.
 */
export async function attempt(
  target: FeedTarget,
  events: readonly FeedEvent[],
  context: Omit<DeliverContext, 'signal'>,
  options: AttemptOptions,
): Promise<readonly Attempted[]> {
  let watches: readonly ContentWatch[] = [];
  const deliver = async (signal: AbortSignal): Promise<readonly DeliveryOutcome[]> => {
    watches = events.map((event) => new ContentWatch(event, signal, options.timeoutMs));
    const given = watches.map(({ event }) => event);
    return call(target, given, { ...context, signal });
  };
  const refusal = (why: GivenUp): Error => givenUp(why, options.timeoutMs);
  const answer = await within(options.timeoutMs, options.signal, deliver, refusal).catch(asError);
  return watches.map(({ failure }, at) => ({
    outcome: answer instanceof Error ? { status: 'failed', error: answer } : (answer[at] as DeliveryOutcome),
    sourceFailure: failure,
  }));
}

async function call(
  target: FeedTarget,
  events: readonly FeedEvent[],
  context: DeliverContext,
): Promise<readonly DeliveryOutcome[]> {
  if (target.capabilities.batch === undefined || target.deliverBatch === undefined) {
    const [event] = events as [FeedEvent];
    return watched([await target.deliver(event, context)]);
  }
  const outcomes = watched(await target.deliverBatch(events, context));
  if (outcomes.length !== events.length) {
    throw new TypeError(`deliverBatch answered ${outcomes.length} outcomes for ${events.length} events.`);
  }
  return outcomes;
}

/** The ending handles a commit that fails. Until then, or if the call was given up, the rejection must not end the process. */
function watched(outcomes: readonly DeliveryOutcome[]): readonly DeliveryOutcome[] {
  for (const outcome of outcomes) if (outcome.status === 'delivered') outcome.committed?.catch(() => undefined);
  return outcomes;
}

/** A target that ignores its abort signal must not hold its lane for ever. */
function givenUp(why: GivenUp, timeoutMs: number): Error {
  if (why === 'aborted')
    return new RetryableError('The delivery was cut short: the host is stopping.', { code: 'stopping' });
  return new RetryableError(`The target did not answer within deliver_timeout (${timeoutMs / 1000} s).`, {
    code: 'deliver-timeout',
  });
}

function asError(value: unknown): Error {
  return value instanceof Error ? value : new Error(String(value));
}
