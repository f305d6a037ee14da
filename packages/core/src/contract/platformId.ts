import { DecodeError } from './errors.js';

/** An id of the platform is a whole number from 1 on that a double holds exactly; anything else names no object. */
export function isPlatformId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

/** Throws a `DecodeError` that says what was found: an object must never be made under an invalid id. */
export function platformId(value: unknown, what: string): number {
  if (isPlatformId(value)) return value;
  throw new DecodeError(`${what} is ${shown(value)}; an id is a whole number from 1 to ${Number.MAX_SAFE_INTEGER}.`, {
    code: 'odd-id',
  });
}

/** A reference that may be missing: `null`, `undefined` and 0 mean that there is none. Throws `DecodeError`. */
export function optionalPlatformId(value: unknown, what: string): number | undefined {
  return value === null || value === undefined || value === 0 ? undefined : platformId(value, what);
}

/** Short, for a message: an id comes from outside and may be anything. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : 'an object';
}
