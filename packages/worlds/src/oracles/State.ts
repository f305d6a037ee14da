import { readRows } from '../machine/readRows.js';
import type { World } from '../world/World.js';

export interface ParkedRow {
  readonly feed: string;
  readonly object_key: string;
  readonly event_id: string | null;
  readonly operation: string;
  readonly state: string;
  readonly code: string | null;
  readonly why: string;
}

export interface OutcomeRow {
  readonly feed: string;
  readonly event_id: string;
  readonly object_key: string;
  readonly outcome: string;
  readonly reason: string | null;
}

export interface TotalRow {
  readonly feed: string;
  readonly outcome: string;
  readonly events: number;
}

export interface RawRow {
  readonly message_id: string;
  readonly problem: string;
}

/** What the product left in its state database, read without its own code. */
export interface State {
  readonly parked: readonly ParkedRow[];
  readonly raw: readonly RawRow[];
  readonly outcomes: readonly OutcomeRow[];
  readonly totals: readonly TotalRow[];
}

/** As it is at this moment, whoever has the file open. */
export async function readState({ stateFile }: World): Promise<State> {
  const [parked, raw, outcomes, totals] = await readRows<[ParkedRow, RawRow, OutcomeRow, TotalRow]>(stateFile, [
    'SELECT feed, object_key, event_id, operation, state, code, why FROM soar_feed_parked',
    'SELECT message_id, problem FROM soar_feed_parked_raw',
    'SELECT feed, event_id, object_key, outcome, reason FROM soar_feed_outcomes',
    'SELECT feed, outcome, events FROM soar_feed_totals',
  ]);
  return { parked, raw, outcomes, totals };
}
