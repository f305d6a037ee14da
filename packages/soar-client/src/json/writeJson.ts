import { stringify } from 'lossless-json';

/** `JSON.stringify` that writes a `bigint` as the whole number it is. `indent`: spaces for each level. */
export function writeJson(value: unknown, indent?: number): string {
  try {
    return JSON.stringify(value, null, indent);
  } catch (error) {
    // V8's words for it; a circle is a TypeError too.
    if (!(error instanceof TypeError) || !error.message.includes('BigInt')) throw error;
    return stringify(value, undefined, indent) ?? 'null';
  }
}
