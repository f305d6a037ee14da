import { SoarApiError } from '@soar-feed/soar-client';

/** Whether the platform itself, and no gateway, answered that there is no such object. */
export function isGone(error: unknown): boolean {
  return SoarApiError.is(error) && error.status === 404;
}
