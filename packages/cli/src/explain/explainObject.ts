import type { FeedStore, ObjectKey } from '@soar-feed/core';
import type { Inspection } from '@soar-feed/core/runtime';
import { askBoth } from './askBoth.js';
import type { Explanation, Facts } from './Facts.js';
import { factsOf, gather } from './gather.js';
import type { Asked } from './gather.js';
import { verdictOf } from './verdictOf.js';

export interface Question extends Asked {
  /** Of an object that no feed knows; default: of an incident, its own id. */
  readonly incident?: number | undefined;
}

/**
 * What became of an object at each feed. If the source is connected, source and targets are asked, too. Throws what
 * reading throws.
 */
export async function explainObject(
  question: Question,
  inspection: Inspection,
  store: FeedStore,
  signal: AbortSignal,
): Promise<readonly Explanation[]> {
  const explained: Explanation[] = [];
  for (const facts of await allFacts(question, inspection, store)) {
    const now = await askBoth(facts, inspection, store, signal);
    const all = now === undefined ? facts : { ...facts, now };
    explained.push({ ...all, verdict: verdictOf(all) });
  }
  return explained;
}

/** An object that no feed knows is explained, too, if its place is known: nobody brought it. */
async function allFacts(question: Question, inspection: Inspection, store: FeedStore): Promise<readonly Facts[]> {
  const { type, id, side, incident = type === 'incident' ? id : undefined } = question;
  const found = await gather({ type, id, side }, inspection.feeds, store);
  const { source } = inspection;
  if (side === 'target' || source === undefined || incident === undefined) return found;
  const key: ObjectKey = { orgId: source.reader.orgId, incidentId: incident, type, objectId: id };
  const unheard = inspection.feeds.filter(({ name }) => !found.some(({ feed }) => feed === name));
  const asUnknown = unheard.map(({ name }) => factsOf(key, 'source', name, undefined, store));
  return [...found, ...(await Promise.all(asUnknown))];
}
