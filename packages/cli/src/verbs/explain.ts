import { isIncident } from '@soar-feed/core';
import { sharedRedactor } from '@soar-feed/core/runtime';
import type { Inspection } from '@soar-feed/core/runtime';
import { exitCodes } from '../exitCodes.js';
import { explainObject } from '../explain/explainObject.js';
import type { Explanation } from '../explain/Facts.js';
import { stateConfigOf, withState } from '../openState.js';
import { likelyObjects, likelyType } from '../likely.js';
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
  let hints = '';
  const explanations = await withInspection(args, { ask: args.ask }, (inspection, signal) =>
    withState(config, { readOnly: true }, async (store) => {
      const explained = await explainObject(args, inspection, store, signal);
      if (!explained.some(isKnown)) hints = await hintsFor(args, inspection);
      return explained;
    }),
  );
  const shown = sharedRedactor.redactAll(explanations);
  process.stdout.write(
    args.json ? `${JSON.stringify({ explanations: shown }, null, 2)}\n` : textOf(args, shown, hints),
  );
  return (explanations.some(isKnown) ? exitCodes.done : exitCodes.notFound).code;
}

function isKnown({ record, settled, outcome, parked, now }: Explanation): boolean {
  return (
    record !== undefined ||
    settled !== undefined ||
    outcome !== undefined ||
    parked.length > 0 ||
    now?.source === 'there'
  );
}

/** What else the type or the id may mean. */
async function hintsFor({ type, id }: ExplainArgs, inspection: Inspection): Promise<string> {
  const others = await likelyObjects(inspection, id);
  const ofId = others.length === 0 ? '' : `The mappings know ${others.join('; ')}.`;
  const lines = [likelyType(type).trimStart(), ofId, '"soar-feed map" lists what is known.'];
  return lines.flatMap((line) => (line === '' ? [] : [`${line}\n`])).join('');
}

function textOf({ type, id, ask, incident }: ExplainArgs, explanations: readonly Explanation[], hints: string): string {
  if (explanations.length > 0) return explanations.map(explanationText).join('\n');
  const known = isIncident({ orgId: 0, incidentId: 0, type, objectId: id }) || incident !== undefined;
  const next = ask && known ? '' : ` To ask the source, add --ask${known ? '' : ' and --incident with its incident'}.`;
  return `Nothing is known of ${type} ${id}: no message and no reload has brought it, and no target has an object of that id.${next}\n${hints}`;
}
