import type { CallOptions, SoarClient } from '@soar-feed/soar-client';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import { classify } from '../../delivery/classify.js';
import type { WantedTypes } from './readIncident.js';
import { readIncident } from './readIncident.js';

/** Whether the source lists any incident from one of these ids on. Throws what the last question threw. */
export async function listsElsewhere(
  client: SoarClient,
  fromIds: readonly number[],
  options: CallOptions,
): Promise<boolean> {
  return anyAnswers(fromIds, (minId) => firstIds(client, minId, 1, options));
}

/**
 * Whether the source gives the objects of another incident; of one that is the only incident nobody can tell, so that
 * the trouble counts as its own. Throws what the last question threw.
 */
export async function givesOtherIncidents(
  client: SoarClient,
  catalog: TypeCatalog,
  incidentId: number,
  neighbours: readonly number[],
  wants: WantedTypes,
  options: CallOptions,
): Promise<boolean> {
  const listed = await firstIds(client, 0, 2, options);
  const others = [...new Set([...neighbours, ...listed])].filter((id) => id !== incidentId);
  if (others.length === 0) return true;
  return anyAnswers(others, (id) => readIncident(client, catalog, id, wants, options));
}

/** An answer that refuses is one, too: only what may succeed later is trouble. */
async function anyAnswers(ids: readonly number[], ask: (id: number) => Promise<unknown>): Promise<boolean> {
  let failure: unknown;
  for (const id of ids) {
    try {
      await ask(id);
      return true;
    } catch (error) {
      const { move } = classify(error);
      if (move !== 'retry' && move !== 'pause') return true;
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return false;
}

async function firstIds(
  client: SoarClient,
  minId: number,
  pageSize: number,
  options: CallOptions,
): Promise<readonly number[]> {
  for await (const page of client.incidents.pages({ minId, pageSize, returnLevel: 'partial' }, options)) {
    return page.map(({ id }) => id);
  }
  return [];
}
