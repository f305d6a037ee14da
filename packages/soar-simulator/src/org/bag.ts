/** A JSON object. Its names come from clients and administrators; one may be `constructor` or `__proto__`. */
export type Bag = Record<string, unknown>;

export function asBag(value: unknown): Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Bag) : {};
}

/** The object's own value, never an inherited one. */
export function own(bag: Bag, name: string): unknown {
  return Object.hasOwn(bag, name) ? bag[name] : undefined;
}

/** Sets an own value, whatever the name. */
export function put(bag: Bag, name: string, value: unknown): void {
  Object.defineProperty(bag, name, { value, enumerable: true, configurable: true, writable: true });
}
