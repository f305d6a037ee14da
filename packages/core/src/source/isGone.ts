import { SoarApiError } from '@soar-feed/soar-client';

/** The platform says, in its own words, that there is no such object. */
export function isGone(error: unknown): boolean {
  return SoarApiError.is(error) && error.status === 404;
}
