import { PermanentError, UnavailableError } from '../contract/errors.js';
import type { FeedTarget, ParkedObject } from '../contract/FeedTarget.js';

export interface AdoptingFeed {
  readonly name: string;
  readonly up: boolean;
  holds(incidentId: number): boolean;
}

/**
 * As `FeedTarget.adopt`, while nothing of the incident is on its way. Throws `PermanentError` when the target refuses or
 * cannot, `UnavailableError` while it is away.
 */
export async function adoptAt(
  target: FeedTarget,
  feed: AdoptingFeed,
  adoption: { readonly object: ParkedObject; readonly targetId: number; readonly signal: AbortSignal },
): Promise<void> {
  const { object, targetId, signal } = adoption;
  const { incidentId } = object.key;
  const refused = (why: string) => new PermanentError(why, { code: 'adopt-refused' });
  if (target.adopt === undefined) throw refused(`The target of ${feed.name} cannot adopt existing objects.`);
  if (!feed.up) throw new UnavailableError(`The target of ${feed.name} is away.`, { code: 'target-down' });
  if (feed.holds(incidentId))
    throw refused(`Incident ${incidentId} is being delivered right now: try again in a moment.`);
  await target.adopt(object, targetId, { signal });
}
