/** ms since the epoch as people read it. A year that no calendar knows stays the number it is. */
export function isoOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
