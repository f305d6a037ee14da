/** A section of an object (`properties`, `pii`, ...); empty if the source has none. */
export function sectionOf(value: unknown): Readonly<Record<string, unknown>> {
  const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isSection ? (value as Record<string, unknown>) : {};
}
