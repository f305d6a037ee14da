import { readRows } from '../machine/gateSqlite.js';
import type { World } from '../world/World.js';

export interface ParkedRow {
  readonly feed: string;
  readonly object_key: string;
  readonly event_id: string | null;
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

/** What the product left in its state database, read without its own code. */
export interface State {
  readonly parked: readonly ParkedRow[];
  readonly raw: readonly { readonly message_id: string; readonly problem: string }[];
  readonly outcomes: readonly OutcomeRow[];
  readonly totals: readonly TotalRow[];
}

/** Only while no process of the product has the file open. */
export async function readState({ stateFile }: World): Promise<State> {
  const all = <Row>(columns: string, table: string): Promise<readonly Row[]> =>
    readRows<Row>(stateFile, `SELECT ${columns} FROM ${table}`);
  return {
    parked: await all('feed, object_key, event_id, state, code, why', 'soar_feed_parked'),
    raw: await all('message_id, problem', 'soar_feed_parked_raw'),
    outcomes: await all('feed, event_id, object_key, outcome, reason', 'soar_feed_outcomes'),
    totals: await all('feed, outcome, events', 'soar_feed_totals'),
  };
}
