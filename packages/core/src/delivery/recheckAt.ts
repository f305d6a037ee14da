import { UnavailableError } from '../contract/errors.js';
import type { Clock } from '../contract/Clock.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { AdoptingFeed } from './adoptAt.js';

/** How long to wait for deliveries of the incident that are under way, ms. */
const WAIT_MS = 10_000;
const LOOK_MS = 50;

/**
 * As `FeedTarget.recheck`, once nothing of the incident is on its way. Objects of one incident. Throws
 * `UnavailableError` while the target is away.
 */
export async function recheckAt(
  target: FeedTarget,
  feed: AdoptingFeed,
  work: { readonly objects: readonly ObjectKey[]; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<void> {
  const { objects, clock, signal } = work;
  const [first] = objects;
  if (first === undefined || target.recheck === undefined) return;
  const deadlineMs = clock.steadyMs() + WAIT_MS;
  // Under steady changes the incident is never free. A delivery that ends in between may leave the mark out: then the
  // next verification finds the object again.
  while (feed.holds(first.incidentId) && clock.steadyMs() < deadlineMs) await clock.sleep(LOOK_MS, signal);
  if (!feed.up) throw new UnavailableError(`The target of ${feed.name} is away.`, { code: 'target-down' });
  await target.recheck(objects, { signal });
}
