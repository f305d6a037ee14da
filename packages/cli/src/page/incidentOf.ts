import type { FeedStore } from '@soar-feed/core';
import type { Inspection } from '@soar-feed/core/runtime';
import type { Answer, Incident, IncidentQuery, Step } from '@soar-feed/page';
import { explainObject } from '../explain/explainObject.js';
import { fateOf } from '../explain/fateOf.js';
import type { Explanation } from '../explain/Facts.js';
import { timelineOf } from '../explain/timelineOf.js';
import type { TimelineFacts } from '../explain/timelineOf.js';
import { verdictOf } from '../explain/verdictOf.js';
import { groundsOf, originOf } from '../output/explanationText.js';

const STEPS = 300;

/** What was asked, as it was typed. */
export function incidentQueryOf(query: URLSearchParams): IncidentQuery {
  const [id, feed] = ['id', 'feed'].map((name) => query.get(name)?.trim() || undefined);
  const side = query.get('side');
  return {
    type: query.get('type')?.trim() || 'incident',
    ...(id === undefined ? {} : { id }),
    ...(feed === undefined ? {} : { feed }),
    ...(side === 'source' || side === 'target' ? { side } : {}),
  };
}

export interface Reading {
  readonly inspection: Inspection;
  readonly store: FeedStore;
  readonly signal: AbortSignal;
}

/** The answers of the feeds, and the timeline of the incident that the first of them is about. Throws what reading throws. */
export async function explainIncident(
  { type, side }: IncidentQuery,
  id: number,
  { inspection, store, signal }: Reading,
): Promise<Pick<Incident, 'answers' | 'incidentId' | 'steps' | 'moreSteps' | 'title'>> {
  const explanations = await explainObject({ type, id, side }, inspection, store, signal);
  const [first] = explanations;
  if (first === undefined) return { answers: [], steps: [], moreSteps: false };
  const { incidentId } = first.key;
  const found = await timelineOf(first.key, inspection.feeds, store, STEPS + 1);
  const title = await titleOf(incidentId, inspection);
  return {
    answers: explanations.map(answerOf),
    ...{ incidentId, steps: found.slice(0, STEPS).map(stepOf), moreSteps: found.length > STEPS },
    ...(title === undefined ? {} : { title }),
  };
}

function answerOf(explanation: Explanation): Answer {
  const { feed, key, verdict } = explanation;
  return { feed, key, verdict, fate: fateOf(explanation), grounds: groundsOf(explanation) };
}

function stepOf(facts: TimelineFacts): Step {
  const { feed, key, atMs, settled, parked } = facts;
  const eventId = parked[0]?.eventId ?? settled?.eventId;
  return {
    ...{ feed, key, fate: fateOf(facts), text: verdictOf(facts) },
    ...(atMs === undefined ? {} : { atMs }),
    ...(eventId === undefined ? {} : { origin: originOf(eventId) }),
  };
}

/** As the source has it now; absent if it was not to be asked. */
async function titleOf(incidentId: number, { source }: Inspection): Promise<string | undefined> {
  const name = (await source?.incident(incidentId))?.payload['name'];
  return typeof name === 'string' ? name : undefined;
}
