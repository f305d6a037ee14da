/**
 * What an object from outside holds under a name from outside; `undefined` where it holds nothing of its own under it.
 * A plain look-up would find `constructor` or `toString` in every object.
 */
export function ownValue(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null && Object.hasOwn(holder, name)
    ? (holder as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
