import { isIncident } from '@soar-feed/core';
import type { FeedStore, ObjectKey } from '@soar-feed/core';
import { sharedRedactor } from '@soar-feed/core/runtime';
import type { Inspection } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import { askBoth } from '../explain/askBoth.js';
import type { Explanation, Facts } from '../explain/Facts.js';
import { factsOf, gather } from '../explain/gather.js';
import { verdictOf } from '../explain/verdictOf.js';
import { stateConfigOf, withState } from '../openState.js';
import { explanationText } from '../output/explanationText.js';
import { withInspection } from '../withInspection.js';
import type { InspectionArgs } from '../withInspection.js';

export interface ExplainArgs extends InspectionArgs {
  readonly type: string;
  readonly id: number;
  readonly side?: 'source' | 'target' | undefined;
  readonly incident?: number | undefined;
  readonly ask: boolean;
  readonly json: boolean;
}

/** Reads mapping and state as they are on disk, beside whatever host owns them; `--ask` also asks both servers. */
export async function explain(args: ExplainArgs): Promise<number> {
  const config = stateConfigOf(args);
  const explanations = await withInspection(args, { ask: args.ask }, (inspection, signal) =>
    withState(config, { readOnly: true }, async (store) => {
      const found = await allFacts(args, inspection, store);
      const explained: Explanation[] = [];
      for (const facts of found) {
        const now = await askBoth(facts, inspection, store, signal);
        const all = now === undefined ? facts : { ...facts, now };
        explained.push({ ...all, verdict: verdictOf(all) });
      }
      return explained;
    }),
  );
  const shown = sharedRedactor.redactAll(explanations);
  process.stdout.write(args.json ? `${JSON.stringify({ explanations: shown }, null, 2)}\n` : textOf(args, shown));
  return (explanations.some(isKnown) ? exitCodes.done : exitCodes.notFound).code;
}

/** An object that no feed knows is explained, too, if its place is known: nobody brought it. */
async function allFacts(args: ExplainArgs, inspection: Inspection, store: FeedStore): Promise<readonly Facts[]> {
  const { type, id, side, incident = type === 'incident' ? id : undefined } = args;
  const found = await gather({ type, id, side }, inspection.feeds, store);
  const { source } = inspection;
  if (side === 'target' || source === undefined || incident === undefined) return found;
  const key: ObjectKey = { orgId: source.reader.orgId, incidentId: incident, type, objectId: id };
  const unheard = inspection.feeds.filter(({ name }) => !found.some(({ feed }) => feed === name));
  const asUnknown = unheard.map(({ name }) => factsOf(key, 'source', name, undefined, store));
  return [...found, ...(await Promise.all(asUnknown))];
}

function isKnown({ record, settled, parked, now }: Explanation): boolean {
  return record !== undefined || settled !== undefined || parked.length > 0 || now?.source === 'there';
}

function textOf({ type, id, ask, incident }: ExplainArgs, explanations: readonly Explanation[]): string {
  if (explanations.length > 0) return explanations.map(explanationText).join('\n');
  const known = isIncident({ orgId: 0, incidentId: 0, type, objectId: id }) || incident !== undefined;
  const next = ask && known ? '' : ` To ask the source, add --ask${known ? '' : ' and --incident with its incident'}.`;
  return `Nothing is known of ${type} ${id}: no message and no reload has brought it, and no target has an object of that id.${next}\n`;
}
