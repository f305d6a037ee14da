import { keyText } from '@soar-feed/core';
import type { ObjectKey, Outcome } from '@soar-feed/core';
import type { Knex } from 'knex';
import { tableOf } from '../database/inSchema.js';
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

/** Rows of one statement: SQLite builds several out of one SELECT per row and takes 500 of them. */
const CHUNK = 200;
const REASON_LENGTH = 500;

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
      this.#events.set(JSON.stringify([feed, eventId]), { ...row, settled_at: Date.now() });
    }
    if (!isNew) return;
    const name = JSON.stringify([feed, outcome]);
    this.#totals.set(name, { feed, outcome, events: (this.#totals.get(name)?.events ?? 0) + 1 });
  }

  /** Writes what was collected, inside its transaction. */
  async end(trx: Knex.Transaction): Promise<void> {
    const events = [...this.#events.values()];
    for (let at = 0; at < events.length; at += CHUNK) {
      await trx<OutcomeRow>(OUTCOMES)
        .insert(events.slice(at, at + CHUNK))
        .onConflict(['feed', 'event_id'])
        .merge(['object_key', 'outcome', 'reason', 'settled_at']);
    }
    const totals = [...this.#totals.values()];
    if (totals.length === 0) return;
    await trx.raw(
      `INSERT INTO ?? AS standing (feed, outcome, events)
       VALUES ${totals.map(() => '(?, ?, ?)').join(', ')}
       ON CONFLICT (feed, outcome) DO UPDATE SET events = standing.events + excluded.events`,
      [tableOf(trx, TOTALS), ...totals.flatMap(({ feed, outcome, events: count }) => [feed, outcome, count])],
    );
  }
}

/** Lone surrogates and NUL become U+FFFD, because not every database accepts them in a text. */
export function plain(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '\ufffd');
}
