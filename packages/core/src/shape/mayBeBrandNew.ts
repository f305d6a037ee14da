/** An incident this much older than its own first event (ms) has objects that no event of the queue will bring. */
const BRAND_NEW_MS = 60_000;

/** Whether an incident of this age (ms) may be so new that the queue brings all its objects; so may one of unknown age. */
export function mayBeBrandNew(ageMs: number | undefined): boolean {
  return ageMs === undefined || ageMs <= BRAND_NEW_MS;
}
