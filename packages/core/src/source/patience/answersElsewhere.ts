import type { IncidentSource } from '../incidents/IncidentSource.js';
import { troubleOf } from './policy.js';

/** Whether the source lists any incident from one of these ids on. Throws what the last question threw. */
export async function listsElsewhere(source: IncidentSource, fromIds: readonly number[]): Promise<boolean> {
  return anyAnswers(fromIds, (minId) => source.ids({ minId, pageSize: 1 }));
}

/**
 * Whether the source gives the same part of another incident. Where there is only one incident nobody can say, so the
 * trouble counts as its own. Throws what the last question threw.
 */
export async function givesOtherIncidents(
  source: IncidentSource,
  incidentId: number,
  neighbours: readonly number[],
  ask: (incidentId: number) => Promise<unknown>,
): Promise<boolean> {
  const listed = await source.ids({ minId: 0, pageSize: 2 });
  const others = [...new Set([...neighbours, ...listed])].filter((id) => id !== incidentId);
  if (others.length === 0) return true;
  return anyAnswers(others, ask);
}

/** A refusal is an answer, too: only what may be different later is trouble. */
async function anyAnswers(ids: readonly number[], ask: (id: number) => Promise<unknown>): Promise<boolean> {
  let failure: unknown;
  for (const id of ids) {
    try {
      await ask(id);
      return true;
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble !== 'passing' && trouble !== 'away') return true;
      failure = error;
    }
  }
  if (failure !== undefined) throw failure;
  return false;
}
