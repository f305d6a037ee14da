import { SoarApiError } from '@soar-feed/soar-client';

/** What the organization refuses or does not have counts as not there. */
export async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (SoarApiError.is(error) && [400, 403, 404].includes(error.status ?? 0)) return undefined;
    throw error;
  }
}
