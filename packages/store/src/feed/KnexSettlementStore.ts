import { keyText, resyncKey } from '@soar-feed/core';
import type { LastApplied, ObjectKey, Settlement, SettlementStore, Stamp } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { FeedRows } from './FeedRows.js';
import { toJson } from './ParkedRow.js';
import type { ParkedRow } from './ParkedRow.js';
import { PARKED, SETTLED } from './steps.js';

interface SettledRow {
  readonly feed: string;
  readonly object_key: string;
  readonly event_id: string;
  readonly outcome: Settlement['outcome'];
  readonly stamp_kind: Stamp['kind'] | null;
  readonly stamp_value: number | null;
  /** SQLite gives 0 or 1. */
  readonly deleted: boolean | number;
  readonly settled_at: number | string;
}

/**
 * One row per (feed, object): what was applied last. A stamp never goes back; where stamps do not compare, the later
 * settlement wins. What was superseded, or dropped by a person, was not applied: it changes nothing that stands.
 */
export class KnexSettlementStore implements SettlementStore {
  constructor(private readonly rows: () => FeedRows) {}

  async settle(settlement: Settlement): Promise<void> {
    const rows = this.rows();
    return rows.write(async (trx, log) => {
      const { feed, key, eventId, outcome, reason, parkedRevision } = settlement;
      log.record(feed, eventId, key, { outcome, ...(reason === undefined ? {} : { reason }) });
      await record(trx, settlement);
      if (parkedRevision !== undefined) {
        await trx<ParkedRow>(PARKED)
          .where({ feed, object_key: keyText(key), revision: parkedRevision })
          .delete();
      }
      if (settlement.resync === true) await wishResync(trx, settlement, rows.next());
    });
  }

  async last(feed: string, key: ObjectKey): Promise<LastApplied | undefined> {
    const row = await this.rows().read((knex) =>
      knex<SettledRow>(SETTLED)
        .where({ feed, object_key: keyText(key) })
        .first('outcome', 'stamp_kind', 'stamp_value', 'deleted'),
    );
    if (row === undefined) return undefined;
    const { stamp_kind: kind, stamp_value: value } = row;
    const stamp = kind === null || value === null ? {} : { stamp: { kind, value } };
    return { outcome: row.outcome, ...stamp, deleted: Boolean(row.deleted) };
  }
}

async function record(trx: Knex, settlement: Settlement): Promise<void> {
  const { feed, key, eventId, outcome, stamp, deleted } = settlement;
  const applied = outcome === 'delivered' || outcome === 'skipped';
  await trx.raw(applied ? RECORD.applied : RECORD.notApplied, [
    ...[feed, keyText(key), eventId, outcome],
    ...(applied && stamp !== undefined ? [stamp.kind, stamp.value] : [null, null]),
    ...[applied && deleted, Date.now()],
  ]);
}

const INSERT = `
  INSERT INTO ${SETTLED} AS standing (feed, object_key, event_id, outcome, stamp_kind, stamp_value, deleted, settled_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (feed, object_key)`;

const OLDER = `(excluded.stamp_kind = standing.stamp_kind AND excluded.stamp_value < standing.stamp_value)`;

const RECORD = {
  applied: `${INSERT} DO UPDATE SET
    event_id = excluded.event_id, outcome = excluded.outcome, settled_at = excluded.settled_at,
    deleted = CASE WHEN ${OLDER} THEN standing.deleted ELSE excluded.deleted END,
    stamp_kind = CASE WHEN ${OLDER} THEN standing.stamp_kind ELSE coalesce(excluded.stamp_kind, standing.stamp_kind) END,
    stamp_value = CASE WHEN ${OLDER} THEN standing.stamp_value ELSE coalesce(excluded.stamp_value, standing.stamp_value) END`,
  notApplied: `${INSERT} DO NOTHING`,
};

/** A wish that stands keeps its place; its new revision keeps a load that is under way from ending it. */
async function wishResync(trx: Knex, { feed, key }: Settlement, place: number): Promise<void> {
  const wish = resyncKey(key.orgId, key.incidentId);
  const nowMs = Date.now();
  const row: Omit<ParkedRow, 'place' | 'parked_at'> = {
    feed,
    object_key: keyText(wish),
    event_id: null,
    org_id: wish.orgId,
    incident_id: wish.incidentId,
    object_type: wish.type,
    object_id: wish.objectId,
    task_id: null,
    parent: null,
    operation: 'upsert',
    workspace: toJson(''),
    observed_at: nowMs,
    stamp_kind: 'read',
    stamp_value: nowMs,
    state: 'resync',
    waiting_on: null,
    code: null,
    why: toJson({ state: 'resync' }),
    revision: place,
    payload: null,
  };
  await trx<ParkedRow>(PARKED)
    .insert({ ...row, place, parked_at: nowMs })
    .onConflict(['feed', 'object_key'])
    .merge(row);
}
