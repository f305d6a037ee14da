import { inspect } from 'node:util';
import type { ObjectPlace } from './FeedTargetCase.js';

/** Longer values are cut, because people read a failure on a screen. */
const MAX_SHOWN = 1_500;

/** Fails with what the contract asks of the target, and with what it did instead. */
export function must(isMet: boolean, promise: string, did: string): asserts isMet {
  if (!isMet) throw new Error(`The target must ${promise}.\nInstead: ${did}`);
}

/** Fails because of an error in the case, not in the target: says what a part of the case must do, and what it did. */
export function mustOfCase(isMet: boolean, part: string, duty: string, did: string): asserts isMet {
  if (!isMet) throw new Error(`The case's ${part} must ${duty}.\nInstead: ${did}`);
}

/** `incident 2100`, `task 310 of incident 2100`. */
export function spell({ key }: ObjectPlace): string {
  const { type, objectId, incidentId } = key;
  const kind = type.length > 40 ? `${type.slice(0, 40)}…` : type;
  return type === 'incident' ? `incident ${objectId}` : `${kind} ${objectId} of incident ${incidentId}`;
}

export function show(value: unknown): string {
  const text = inspect(value, { depth: 6, breakLength: 100, maxStringLength: 300 });
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
