import { keyText, mayBeOfTask, resyncKey, surroundings } from '@soar-feed/core';
import type {
  AppliedObject,
  IncidentRange,
  LastApplied,
  ObjectKey,
  SettledObject,
  Settlement,
  SettlementStore,
  TouchedIncident,
} from '@soar-feed/core';
import type { Knex } from 'knex';
import { tableOf } from '../database/inSchema.js';
import type { FeedRows } from './FeedRows.js';
import { LastRead, toLast } from './LastRead.js';
import type { LastRow } from './LastRead.js';
import { toJson } from './ParkedRow.js';
import type { ParkedRow } from './ParkedRow.js';
import { PARKED, SETTLED } from './steps.js';

interface SettledRow extends LastRow {
  readonly feed: string;
  readonly object_key: string;
  readonly event_id: string;
  readonly settled_at: number | string;
  readonly org_id: number | string;
  readonly incident_id: number | string;
  /** 0: belongs to no task. Null: unknown. */
  readonly task_id: number | string | null;
}

/** Both are text where a driver gives large numbers so. */
interface TouchedRow {
  readonly incident_id: number | string;
  readonly delivered_at: number | string | null;
}

const LATEST_DELIVERED = `max(CASE WHEN outcome = 'delivered' THEN settled_at END) AS delivered_at`;

/** Rows read at once by `applied`. */
const PAGE = 1_000;

/**
 * One row per (feed, object): what was applied last. What a settlement changes in it is said in `SettledLog`.
 */
export class KnexSettlementStore implements SettlementStore {
  private readonly asked = new LastRead((query) => this.rows().ask(query));

  constructor(private readonly rows: () => FeedRows) {}

  async settle(settlement: Settlement): Promise<boolean> {
    const rows = this.rows();
    return rows.write(async (trx, log, settled) => {
      const { feed, key, eventId, outcome, reason, parkedRevision } = settlement;
      let isHeld = true;
      if (parkedRevision !== undefined) {
        const row = { feed, object_key: keyText(key), revision: parkedRevision };
        isHeld = (await trx<ParkedRow>(PARKED).where(row).delete()) > 0;
      }
      if (!isHeld && outcome === 'dropped') return false;
      log.record(feed, eventId, key, { outcome, ...(reason === undefined ? {} : { reason }) });
      settled.record(settlement);
      if (settlement.resync === true) await wishResync(trx, settlement, rows.next());
      return isHeld;
    });
  }

  async last(feed: string, key: ObjectKey): Promise<LastApplied | undefined> {
    return this.asked.last(feed, keyText(key));
  }

  async touchedSince(feed: string, sinceMs: number): Promise<readonly TouchedIncident[]> {
    const rows = await this.rows().read((knex) =>
      knex<SettledRow>(SETTLED)
        .where({ feed })
        .andWhere('settled_at', '>=', sinceMs)
        .groupBy('incident_id')
        .select<TouchedRow[]>('incident_id', knex.raw(LATEST_DELIVERED)),
    );
    return rows.map(({ incident_id: id, delivered_at: deliveredAt }) => ({
      incidentId: Number(id),
      ...(deliveredAt === null ? {} : { deliveredAtMs: Number(deliveredAt) }),
    }));
  }

  async named(type: string, objectId: number): Promise<readonly SettledObject[]> {
    const end = `%/${type.replaceAll(/[\\%_]/g, '\\$&')}/${objectId}`;
    const rows = await this.rows().read((knex) =>
      knex<SettledRow>(SETTLED).whereRaw(`object_key LIKE ? ESCAPE '\\'`, [end]).orderBy(['feed', 'object_key']),
    );
    return rows.map(toSettled);
  }

  async ofIncident(feed: string, orgId: number, incidentId: number, limit: number): Promise<readonly SettledObject[]> {
    const rows = await this.rows().read((knex) =>
      knex<SettledRow>(SETTLED)
        .where({ feed, org_id: orgId, incident_id: incidentId })
        .orderBy('settled_at', 'desc')
        .limit(limit),
    );
    return rows.map(toSettled);
  }

  async *applied(feed: string, range: IncidentRange): AsyncGenerator<AppliedObject> {
    const { orgId, minIncidentId, maxIncidentId = Number.MAX_SAFE_INTEGER } = range;
    let after: readonly [number, string] = [minIncidentId, ''];
    for (;;) {
      const page = await this.rows().read<{ rows?: AppliedRow[] } | AppliedRow[]>((knex) =>
        knex.raw(APPLIED, appliedBindings(knex, [feed, orgId, ...after, maxIncidentId, false])),
      );
      const rows = Array.isArray(page) ? page : (page.rows ?? []);
      for (const row of rows) {
        const object = toApplied(row);
        if (object !== undefined) yield object;
      }
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE) return;
      after = [Number(last.incident_id), last.object_key];
    }
  }
}

function toSettled(row: SettledRow): SettledObject {
  return {
    ...toLast(row),
    feed: row.feed,
    key: keyOf(row.object_key),
    eventId: row.event_id,
    settledAtMs: Number(row.settled_at),
  };
}

type AppliedRow = Pick<SettledRow, 'object_key' | 'incident_id' | 'task_id'>;

/** Keys read org/incident/type/object. */
const APPLIED = `
  SELECT object_key, incident_id, task_id FROM ?? AS own
  WHERE feed = ? AND org_id = ? AND (incident_id, object_key) > (?, ?) AND incident_id <= ?
    AND deleted = ? AND outcome IN ('delivered', 'skipped')
    AND NOT EXISTS (SELECT 1 FROM ?? AS incident WHERE incident.feed = own.feed AND incident.deleted = ?
      AND incident.object_key = own.org_id || '/' || own.incident_id || '/incident/' || own.incident_id)
    AND NOT EXISTS (SELECT 1 FROM ?? AS task WHERE own.task_id > 0 AND task.feed = own.feed AND task.deleted = ?
      AND task.object_key = own.org_id || '/' || own.incident_id || '/task/' || own.task_id)
  ORDER BY incident_id, object_key LIMIT ?`;

function appliedBindings(knex: Knex, of: readonly Knex.Value[]): readonly Knex.Value[] {
  const table = tableOf(knex, SETTLED);
  return [table, ...of, table, true, table, true, PAGE];
}

/** A note or attachment with an unknown place cannot be looked up at the source: it is omitted. */
function toApplied(row: AppliedRow): AppliedObject | undefined {
  const key = keyOf(row.object_key);
  if (row.task_id === null && mayBeOfTask(key.type)) return undefined;
  const taskId = Number(row.task_id ?? 0);
  return { key, ...(taskId === 0 ? {} : { taskId }) };
}

/** The reverse of `keyText`. */
function keyOf(text: string): ObjectKey {
  const [org, incident, ...rest] = text.split('/');
  const type = rest.slice(0, -1).join('/');
  return { orgId: Number(org), incidentId: Number(incident), type, objectId: Number(rest.at(-1)) };
}

/** An existing wish keeps its position; its new revision prevents a load in progress from ending it. */
async function wishResync(trx: Knex, { feed, key }: Settlement, place: number): Promise<void> {
  const wish = resyncKey(key.orgId, key.incidentId);
  const nowMs = surroundings().now();
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
