import { SoarApiError } from '@soar-feed/soar-client';

/** The platform says that the object, or what it hangs under, does not exist. */
export function isNotFound(error: unknown): boolean {
  return SoarApiError.is(error) && error.status === 404;
}

/** `undefined` in place of what does not exist. */
export async function unlessGone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
