import { ownValue } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';

/** The members that say when an object was last changed, the best first (platform facts: what `GET` shows of each type). */
const CHANGED: ReadonlyMap<string, readonly string[]> = new Map([
  ['incident', ['inc_last_modified_date', 'create_date']],
  ['note', ['modify_date', 'create_date']],
  ['artifact', ['last_modified_time', 'created']],
  ['attachment', ['created']],
]);

/** The year 2000 and the year 2200: what lies outside is no time of a change. ms. */
const EARLIEST = 946_684_800_000;
const LATEST = 7_258_118_400_000;

/** When the object was changed, by the object itself; else when the change was seen. ms since the epoch. */
export function eventTimeMs({ key, payload, observedAtMs }: FeedEvent): number {
  for (const name of CHANGED.get(key.type) ?? []) {
    const value = ownValue(payload, name);
    if (typeof value === 'number' && value >= EARLIEST && value < LATEST) return value;
  }
  return observedAtMs;
}
