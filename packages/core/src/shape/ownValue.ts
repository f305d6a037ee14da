/**
 * What an object from outside holds under a name from outside; `undefined` if it has no property of its own by that
 * name. A plain look-up would find `constructor` or `toString` in every object.
 */
export function ownValue(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name)
    ? (holder as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
