/** ms since the epoch as an ISO date. Stays a number if no calendar has that year. */
export function isoOf(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
