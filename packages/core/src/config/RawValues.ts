/** One value of a section as the file has it, once `$NAME` is resolved. */
export interface RawValue {
  readonly text: string;
  /** Line of the file, from 1; absent when the value did not come from a file. */
  readonly line?: number;
  /** Came from `[DEFAULT]`: it may be meant for another section, so it is never reported as unknown here. */
  readonly inherited?: true;
  /** The resolved secrets inside the text: never shown. */
  readonly secrets?: readonly string[];
  /** The text refers to a secret that cannot be read; says why and what to do. */
  readonly unresolved?: string;
}

/** A section's values by key, keys in lower case. */
export type RawValues = ReadonlyMap<string, RawValue>;

/** Values that were never in a file: for programs and tests that build a section themselves. */
export function rawValues(texts: Readonly<Record<string, string>>): RawValues {
  return new Map(Object.entries(texts).map(([key, text]) => [key.toLowerCase(), { text }]));
}
