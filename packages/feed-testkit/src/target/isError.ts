import { isNativeError } from 'node:util/types';

/**
 * Whether the value is an error of any realm. Jest runs tests in their own realm, where `instanceof Error` is false for
 * errors that Node itself throws (a full disk, a refused connection); a `DOMException` (an aborted `fetch`) is not a
 * native error.
 */
export function isError(value: unknown): value is Error {
  return isNativeError(value) || Object.prototype.toString.call(value) === '[object DOMException]';
}
