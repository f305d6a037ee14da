import type { CallOptions, SoarClient } from '@soar-feed/soar-client';
import { classify } from '../../delivery/classify.js';

/** Whether the source lists any incident from one of these ids on. Throws what the last question threw. */
export async function listsElsewhere(
  client: SoarClient,
  fromIds: readonly number[],
  options: CallOptions,
): Promise<boolean> {
  return anyAnswers(fromIds, (minId) => firstIds(client, minId, 1, options));
}

/**
 * Whether the source gives the same of another incident; of one that is the only incident nobody can tell, so that the
 * trouble counts as its own. Throws what the last question threw.
 */
export async function givesOtherIncidents(
  client: SoarClient,
  incidentId: number,
  neighbours: readonly number[],
  ask: (incidentId: number) => Promise<unknown>,
  options: CallOptions,
): Promise<boolean> {
  const listed = await firstIds(client, 0, 2, options);
  const others = [...new Set([...neighbours, ...listed])].filter((id) => id !== incidentId);
  if (others.length === 0) return true;
  return anyAnswers(others, ask);
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
