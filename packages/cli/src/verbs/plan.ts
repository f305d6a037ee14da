import { FeedError, writeJson } from '@soar-feed/core';
import type { FeedStore } from '@soar-feed/core';
import { planIncidents, prepareHost, sharedRedactor } from '@soar-feed/core/runtime';
import type { Plan, StateConfig } from '@soar-feed/core/runtime';
import { configFileOf } from '../configFileOf.js';
import { exitCodes } from '../exitCodes.js';
import type { GlobalArgs } from '../globalOptions.js';
import { hostFile } from '../hostFile.js';
import { loggerFor } from '../loggerFor.js';
import { onStopSignal } from '../onStopSignal.js';
import { stateConfigOf, withState } from '../openState.js';
import { Terminal } from '../output/Terminal.js';
import { requestsText } from '../output/requestsText.js';
import { writeOut } from '../output/writeOut.js';
import { spansOf } from '../spansOf.js';
import { unknownFeed } from '../withInspection.js';

export interface PlanArgs extends GlobalArgs {
  readonly incidents: readonly (string | number)[];
  readonly feed?: string | undefined;
  readonly allowDeletes?: number | undefined;
  readonly method?: 'search' | 'query' | undefined;
  readonly json: boolean;
}

/** Runs a reload whose state is a copy and whose targets only rehearse, beside whatever host runs. */
export async function plan(args: PlanArgs): Promise<number> {
  const { feed, allowDeletes, method } = args;
  const prepared = await prepareHost({ configFile: configFileOf(args), hostFile });
  if (feed !== undefined && !prepared.config.feeds.feedNames.includes(feed)) throw unknownFeed(feed, prepared);
  const log = loggerFor(args, new Terminal(process.stderr), { level: 'error', redactor: prepared.config.redactor });
  const stopping = new AbortController();
  const endListening = onStopSignal(() => stopping.abort());
  try {
    const planned = await withKnownState(stateConfigOf(args), (store) =>
      planIncidents({
        ...{ prepared, spans: spansOf(args.incidents), log, signal: stopping.signal },
        ...(feed === undefined ? {} : { feed }),
        ...(store === undefined ? {} : { store }),
        ...(allowDeletes === undefined ? {} : { allowDeletes }),
        ...(method === undefined ? {} : { method }),
      }),
    );
    const shown = sharedRedactor.redactAll(planned);
    await writeOut(args.json ? `${writeJson(shown)}\n` : requestsText(shown));
    return codeOf(planned);
  } finally {
    endListening();
  }
}

/** Before the first start there is no state: then nothing was delivered yet. */
async function withKnownState<T>(config: StateConfig, work: (store?: FeedStore) => Promise<T>): Promise<T> {
  let opened = false;
  try {
    return await withState(config, { readOnly: true }, (store) => {
      opened = true;
      return work(store);
    });
  } catch (error) {
    const isNew = FeedError.is(error) && 'startWould' in error && error.startWould === 'create';
    if (opened || !isNew) throw error;
    return work();
  }
}

function codeOf({ feeds, faults, unknown }: Plan): number {
  const steps = feeds.flatMap(({ incidents }) => incidents.flatMap((incident) => incident.steps));
  if (faults.length > 0 || steps.some(({ outcome }) => outcome === 'failed')) return exitCodes.planFails.code;
  return (unknown.length > 0 && steps.length === 0 ? exitCodes.notFound : exitCodes.done).code;
}
