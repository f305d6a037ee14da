import { keyText } from '@soar-feed/core';
import type { FeedStore } from '@soar-feed/core';
import type { InspectedFeed } from '@soar-feed/core/runtime';
import type { StateLine } from './stateLines.js';

const ADVICE =
  'was the mapping replaced, or restored from an older backup? "soar-feed verify" finds what is there, and what is not';

/**
 * Whether the state and a target's memory know the same objects. They are two databases: one that was restored from a
 * backup of another day knows less, or more.
 */
export async function agreement(
  { name, insight }: InspectedFeed,
  store: FeedStore,
  signal: AbortSignal,
): Promise<StateLine> {
  const what = `feed ${name}`;
  if (insight === undefined) return { what, state: 'ok', detail: 'its target remembers nothing that could differ' };
  const mapped = new Set<string>();
  const orgs = new Set<number>();
  for await (const { key } of insight.records({})) {
    if (signal.aborted) break;
    mapped.add(keyText(key));
    orgs.add(key.orgId);
  }
  let both = 0;
  let onlyInState = 0;
  for (const orgId of orgs) {
    for await (const { key } of store.settlements.applied(name, { orgId, minIncidentId: 0 })) {
      if (mapped.has(keyText(key))) both += 1;
      // What was skipped need not be in a mapping.
      else if ((await store.settlements.last(name, key))?.outcome === 'delivered') onlyInState += 1;
    }
  }
  if (mapped.size === 0) {
    const { delivered = 0 } = (await store.outcomes.totals()).find(({ feed }) => feed === name)?.totals ?? {};
    if (delivered > 0)
      return {
        what,
        state: 'warn',
        detail: `the mapping is empty, though ${delivered} events were delivered: ${ADVICE}`,
      };
  }
  const facts = `${mapped.size} in the mapping, ${both} of them delivered by this state`;
  if (onlyInState === 0) return { what, state: 'ok', detail: facts };
  return {
    what,
    state: 'warn',
    detail: `${facts}; ${onlyInState} delivered objects are not in the mapping: ${ADVICE}`,
  };
}
