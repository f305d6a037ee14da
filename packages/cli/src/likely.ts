import { didYouMean } from '@soar-feed/core';
import type { Inspection } from '@soar-feed/core/runtime';

/** Types that every organization has; data tables have names of their own. */
const TYPES = ['incident', 'task', 'note', 'artifact', 'attachment', 'milestone'];
/** What a mapping says of an object. */
const STATES = ['active', 'filtered', 'deleted', 'bypassed'];
/** Objects of one id that are named. */
const SHOWN = 5;

/** ` Did you mean note?` for a type that is probably mistyped; else nothing. */
export function likelyType(type: string): string {
  return TYPES.includes(type) ? '' : suggestion(didYouMean(type, TYPES));
}

/** The same for a state of the mapping. */
export function likelyState(state: string): string {
  return STATES.includes(state) ? '' : suggestion(didYouMean(state, STATES));
}

function suggestion(near: string | undefined): string {
  return near === undefined ? '' : ` Did you mean ${near}?`;
}

/** What has this id under another type, on either side; empty if the mappings know nothing. */
export async function likelyObjects({ feeds }: Inspection, id: number): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const { insight } of feeds) {
    for await (const { key } of insight?.records({ objectId: id }) ?? [])
      found.add(`${key.type} ${id}${key.type === 'incident' ? '' : ` of incident ${key.incidentId}`}`);
    for await (const { key } of insight?.records({ ref: String(id) }) ?? [])
      found.add(`${key.type} ${id} of the target, which is ${key.type} ${key.objectId} of the source`);
  }
  return [...found].slice(0, SHOWN);
}
