/** A time in ms for people: ISO 8601 in UTC; what is no time is shown as it is. */
export function timeText(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? String(ms) : date.toISOString();
}
