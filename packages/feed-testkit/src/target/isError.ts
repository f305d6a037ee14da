import { isNativeError } from 'node:util/types';

/**
 * Whether it is an error of any realm. Jest runs tests in a realm of their own, where `instanceof Error` says no to what
 * Node itself throws (a full disk, a refused connection); a `DOMException` (an aborted `fetch`) is no native error.
 */
export function isError(value: unknown): value is Error {
  return isNativeError(value) || Object.prototype.toString.call(value) === '[object DOMException]';
}
