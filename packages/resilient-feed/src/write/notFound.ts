import { SoarApiError } from '@soar-feed/soar-client';

/** Whether the platform says that the object, or what it hangs under, does not exist. */
export function isNotFound(error: unknown): boolean {
  return SoarApiError.is(error) && error.status === 404;
}

/** Gives `undefined` if what is read does not exist. Throws every other error. */
export async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** What the organization refuses or does not have counts as not there. */
export async function orNothing<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (SoarApiError.is(error) && [400, 403, 404].includes(error.status ?? 0)) return undefined;
    throw error;
  }
}
