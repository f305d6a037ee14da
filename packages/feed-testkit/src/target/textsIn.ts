import { isMap, isSet } from 'node:util/types';

/** Not enumerable on errors, and an error of another realm (Node's own errors in a test) is not an `Error` here. */
const HIDDEN = ['message', 'stack', 'cause', 'errors'] as const;

/** Every text inside a value, at every depth: in lists, objects, maps, and errors with their causes. */
export function textsIn(value: unknown, seen: Set<unknown> = new Set()): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  return innerOf(value).flatMap((one) => textsIn(one, seen));
}

/** Whether one of the texts contains `part`. */
export function says(value: unknown, part: string): boolean {
  return textsIn(value).some((text) => text.includes(part));
}

function innerOf(value: object): readonly unknown[] {
  if (ArrayBuffer.isView(value))
    return [Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8')];
  if (isMap(value) || isSet(value)) return [...value].flat();
  return [...Object.values(value), ...HIDDEN.map((name) => (value as Record<string, unknown>)[name])];
}
