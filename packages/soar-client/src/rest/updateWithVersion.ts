import { SoarApiError } from './SoarApiError.js';

/** A conflict that repeats this often is a loop, not an edit. */
const MAX_TRIES = 5;

/**
 * Reads, changes and writes; if somebody else wrote in between (409), reads again. `change` is called again each time.
 * If it returns `undefined`, nothing is written, and the result is the object as it was read.
 */
export async function updateWithVersion<T>(
  read: () => Promise<T>,
  change: (current: T) => object | undefined | Promise<object | undefined>,
  write: (body: object, current: T) => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const current = await read();
    const body = await change(current);
    if (body === undefined) return current;
    try {
      return await write(body, current);
    } catch (error) {
      if (!SoarApiError.is(error) || error.status !== 409 || attempt === MAX_TRIES) throw error;
    }
  }
}
