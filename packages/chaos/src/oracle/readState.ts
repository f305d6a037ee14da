import { existsSync } from 'node:fs';
import { SqliteFile } from '../world/SqliteFile.js';

export interface ParkedRow {
  readonly feed: string;
  readonly object_key: string;
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

/** What the host left in its state database, read without the host's own code. */
export interface State {
  readonly parked: readonly ParkedRow[];
  /** Problems of the messages that could not be decoded. */
  readonly raw: readonly { readonly message_id: string; readonly problem: string }[];
  /** By feed and message id: `undefined` where the database keeps no outcomes. */
  readonly outcomes: ReadonlyMap<string, OutcomeRow> | undefined;
}

const NOTHING: State = { parked: [], raw: [], outcomes: undefined };

export async function readState(file: string, parts: 'parked' | 'all'): Promise<State> {
  if (!existsSync(file)) return NOTHING;
  const database = await SqliteFile.open(file, 'read');
  try {
    if (!(await database.has('soar_feed_parked_raw'))) return NOTHING;
    const parked = await database.all<ParkedRow>('SELECT feed, object_key, state, code, why FROM soar_feed_parked');
    const raw = await database.all<State['raw'][number]>('SELECT message_id, problem FROM soar_feed_parked_raw');
    return { parked, raw, outcomes: parts === 'all' ? await readOutcomes(database) : undefined };
  } finally {
    await database.close();
  }
}

async function readOutcomes(database: SqliteFile): Promise<State['outcomes']> {
  if (!(await database.has('soar_feed_outcomes'))) return undefined;
  const rows = await database.all<OutcomeRow>(
    'SELECT feed, event_id, object_key, outcome, reason FROM soar_feed_outcomes',
  );
  return new Map(rows.map((row) => [outcomeKey(row.feed, row.event_id), row]));
}

export function outcomeKey(feed: string, messageId: string): string {
  return `${feed} ${messageId}`;
}
