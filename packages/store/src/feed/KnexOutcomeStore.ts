import type { EventOutcome, ObjectKey, Outcome, OutcomeStore, OutcomeTotals } from '@soar-feed/core';
import type { FeedRows } from './FeedRows.js';
import type { OutcomeRow, TotalRow } from './OutcomeLog.js';
import { plain } from '../database/plain.js';
import { OUTCOMES, TOTALS } from './steps.js';

export class KnexOutcomeStore implements OutcomeStore {
  constructor(private readonly rows: () => FeedRows) {}

  async find(feed: string, eventId: string): Promise<EventOutcome | undefined> {
    const row = await this.rows().read((knex) =>
      knex<OutcomeRow>(OUTCOMES)
        .where({ feed, event_id: plain(eventId) })
        .first(),
    );
    return row === undefined ? undefined : toOutcome(row);
  }

  /** Reads the whole log: it has no index by object, which each write would pay for. */
  async named(type: string, objectId: number): Promise<readonly EventOutcome[]> {
    const rows = await this.rows().read<OutcomeRow[]>((knex) =>
      knex<OutcomeRow>(OUTCOMES).whereLike('object_key', `%/${type}/${objectId}`).orderBy('settled_at').select(),
    );
    const last = new Map<string, EventOutcome>();
    for (const row of rows) {
      const outcome = toOutcome(row);
      // A wildcard in the name of a type may match another type.
      if (outcome.key.type === type) last.set(JSON.stringify([row.feed, row.object_key]), outcome);
    }
    return [...last.values()];
  }

  async totals(): Promise<readonly OutcomeTotals[]> {
    const rows = await this.rows().read<TotalRow[]>((knex) => knex(TOTALS).orderBy('feed').select());
    const byFeed = new Map<string, Record<Outcome, number>>();
    for (const { feed, outcome, events } of rows) {
      const totals = byFeed.get(feed) ?? { delivered: 0, skipped: 0, superseded: 0, dropped: 0, parked: 0 };
      totals[outcome] = Number(events);
      byFeed.set(feed, totals);
    }
    return [...byFeed].map(([feed, totals]) => ({ feed, totals }));
  }

  async prune(beforeMs: number, limit: number): Promise<number> {
    return this.rows().write((trx) =>
      trx(OUTCOMES)
        .whereIn(
          ['feed', 'event_id'],
          trx(OUTCOMES)
            .where('settled_at', '<', beforeMs)
            .whereNot({ outcome: 'parked' })
            .orderBy('settled_at')
            .limit(limit)
            .select('feed', 'event_id'),
        )
        .delete(),
    );
  }
}

function toOutcome(row: OutcomeRow): EventOutcome {
  return {
    feed: row.feed,
    eventId: row.event_id,
    key: keyOf(row.object_key),
    outcome: row.outcome,
    ...(row.reason === null ? {} : { reason: row.reason }),
    settledAtMs: Number(row.settled_at),
  };
}

/** The reverse of `keyText`: the API name of a type contains no slash. */
function keyOf(text: string): ObjectKey {
  const [orgId, incidentId, type = '', objectId] = text.split('/');
  return { orgId: Number(orgId), incidentId: Number(incidentId), type, objectId: Number(objectId) };
}
