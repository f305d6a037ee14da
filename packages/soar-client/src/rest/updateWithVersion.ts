import { SoarApiError } from './SoarApiError.js';

/** A conflict that comes back this often is somebody's loop, not somebody's edit. */
const MAX_TRIES = 5;

/**
 * Read, change, write; when somebody else wrote in between (409), read again. `change` is asked anew each time and may
 * answer `undefined`: nothing to change, nothing is written and the object as read is the result.
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
