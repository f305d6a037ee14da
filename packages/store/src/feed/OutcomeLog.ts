import { keyText, surroundings } from '@soar-feed/core';
import type { ObjectKey, Outcome } from '@soar-feed/core';
import { plain } from '../database/plain.js';
import { rowsStatement, rowsText } from '../database/Statement.js';
import type { Statements } from '../database/Statement.js';
import { OUTCOMES, TOTALS } from './steps.js';

/** A row of `soar_feed_outcomes`. */
export interface OutcomeRow {
  readonly feed: string;
  readonly event_id: string;
  readonly object_key: string;
  readonly outcome: Outcome;
  readonly reason: string | null;
  /** `pg` gives bigint as text. */
  readonly settled_at: number | string;
}

export interface TotalRow {
  readonly feed: string;
  readonly outcome: Outcome;
  readonly events: number | string;
}

const REASON_LENGTH = 500;

const PUT_EVENTS = rowsStatement(
  OUTCOMES,
  { feed: 'text', event_id: 'text', object_key: 'text', outcome: 'text', reason: 'text', settled_at: 'bigint' },
  (rows) => `INSERT INTO ?? (feed, event_id, object_key, outcome, reason, settled_at) ${rows}
    ON CONFLICT (feed, event_id) DO UPDATE SET object_key = excluded.object_key, outcome = excluded.outcome,
      reason = excluded.reason, settled_at = excluded.settled_at`,
);

const ADD_TOTALS = rowsStatement(
  TOTALS,
  { feed: 'text', outcome: 'text', events: 'bigint' },
  (rows) => `INSERT INTO ?? AS standing (feed, outcome, events) ${rows}
    ON CONFLICT (feed, outcome) DO UPDATE SET events = standing.events + excluded.events`,
);

/**
 * The outcomes of events in one transaction, written at its end in few statements: one statement per event would cost
 * as much as the writes themselves.
 */
export class OutcomeLog {
  readonly #keepsEvents: boolean;
  readonly #events = new Map<string, OutcomeRow>();
  readonly #totals = new Map<string, TotalRow & { readonly events: number }>();

  /** `keepsEvents` false: only the totals are counted. */
  constructor(keepsEvents: boolean) {
    this.#keepsEvents = keepsEvents;
  }

  /** A transaction begins; discards what a rolled-back one collected. */
  begin(): void {
    this.#events.clear();
    this.#totals.clear();
  }

  /** `isNew` is false if the outcome is recorded and only its reason changes. */
  record(
    feed: string,
    eventId: string | null | undefined,
    key: ObjectKey,
    { outcome, reason, isNew = true }: { outcome: Outcome; reason?: string; isNew?: boolean },
  ): void {
    if (eventId === null || eventId === undefined) return;
    if (this.#keepsEvents) {
      const why = reason === undefined ? null : plain(reason).slice(0, REASON_LENGTH);
      const row = { feed, event_id: plain(eventId), object_key: keyText(key), outcome, reason: why };
      this.#events.set(JSON.stringify([feed, eventId]), { ...row, settled_at: surroundings().now() });
    }
    if (!isNew) return;
    const name = JSON.stringify([feed, outcome]);
    this.#totals.set(name, { feed, outcome, events: (this.#totals.get(name)?.events ?? 0) + 1 });
  }

  /** Writes what was collected, inside its transaction. */
  async end(statements: Statements): Promise<void> {
    const events = [...this.#events.values()].map(
      ({ feed, event_id, object_key, outcome, reason, settled_at }) =>
        [feed, event_id, object_key, outcome, reason, Number(settled_at)] as const,
    );
    if (events.length > 0) await statements.run(PUT_EVENTS, rowsText(events));
    const totals = [...this.#totals.values()].map(
      ({ feed, outcome, events: count }) => [feed, outcome, count] as const,
    );
    if (totals.length > 0) await statements.run(ADD_TOTALS, rowsText(totals));
  }
}
