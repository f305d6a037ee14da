/** Every text inside a value, all the way down: of lists, objects (keys apart), maps and errors with their causes. */
export function textsIn(value: unknown, seen: Set<unknown> = new Set()): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const inner: unknown[] = value instanceof Map ? [...value.values()] : Object.values(value);
  if (value instanceof Error) inner.push(value.message, value.stack, value.cause);
  return inner.flatMap((one) => textsIn(one, seen));
}

/** Whether one of the texts has `part` in it. */
export function says(value: unknown, part: string): boolean {
  return textsIn(value).some((text) => text.includes(part));
}
