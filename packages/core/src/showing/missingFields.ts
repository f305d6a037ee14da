import type { ShownNames } from '../contract/shownFields.js';

interface TypeWithFields {
  readonly fields?: unknown;
}

/** By feed, which of its fields the source's incidents do not have. */
export function missingFields(
  types: Readonly<Record<string, TypeWithFields>>,
  feeds: readonly { readonly name: string; readonly names: ShownNames }[],
): ReadonlyMap<string, readonly string[]> {
  // A map by name, or a list on old servers.
  const fields = Object.values(types['incident']?.fields ?? {}) as { readonly name?: unknown }[];
  const standing = new Set(fields.map(({ name }) => name));
  const lacks = feeds.map(
    ({ name, names }) => [name, Object.values<string>({ ...names }).filter((each) => !standing.has(each))] as const,
  );
  return new Map(lacks.filter(([, missing]) => missing.length > 0));
}
