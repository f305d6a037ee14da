import {
  endedWith,
  ENDINGS,
  judgeParked,
  keyText,
  marksOf,
  rearmed,
  replacing,
  rowsBelow,
  surroundings,
  whyInDoubt,
} from '@soar-feed/core';
import type {
  FeedEvent,
  ObjectKey,
  ParkedCount,
  ParkedEvent,
  ParkedFailure,
  ParkedFilter,
  ParkedRaw,
  ParkedStore,
  ParkReason,
  RawMessage,
  StandingRow,
} from '@soar-feed/core';
import type { Knex } from 'knex';
import type { FeedRows } from './FeedRows.js';
import { filterParked } from './filterParked.js';
import { keyOf, snapshotOfRow, toListed, toParked, toRow, toWhy } from './ParkedRow.js';
import type { ParkedRow } from './ParkedRow.js';
import { toRaw, toRawRow } from './RawRow.js';
import type { RawRow } from './RawRow.js';
import { PARKED, PARKED_RAW } from './steps.js';

/** The columns of an existing row that decide whether another row replaces it. */
const STANDING = ['operation', 'stamp_kind', 'stamp_value', 'observed_at', 'event_id', 'why', 'revision'] as const;

/** Rows read at once by the lists. */
const PAGE = 500;

const LISTED = [
  ...[
    'feed',
    'object_key',
    'event_id',
    'org_id',
    'incident_id',
    'object_type',
    'object_id',
    'task_id',
    'parent',
    'operation',
    'workspace',
  ],
  ...[
    'observed_at',
    'stamp_kind',
    'stamp_value',
    'state',
    'waiting_on',
    'code',
    'why',
    'revision',
    'place',
    'parked_at',
  ],
];

export class KnexParkedStore implements ParkedStore {
  constructor(
    private readonly rows: () => FeedRows,
    private readonly maxPayloadBytes: number,
  ) {}

  async park(feed: string, event: FeedEvent, why: ParkReason, seen?: number): Promise<number | undefined> {
    const rows = this.rows();
    return rows.write(async (trx, log) => {
      const { id, key } = event;
      const revision = rows.next();
      const standing = await oneRow(trx, feed, key).first(...STANDING, trx.raw('payload is null as unread'));
      const verdict = judgeParked(event, seen, standing && standingRow(standing));
      if (verdict === 'outdated') return undefined;
      const held = standing?.event_id;
      if (standing !== undefined && verdict === 'doubtful') {
        log.record(feed, id, key, ENDINGS.doubtful);
        const stands = whyInDoubt(JSON.parse(standing.why) as ParkReason);
        log.record(feed, held ?? null, key, { outcome: 'parked', reason: stands.state, isNew: false });
        await oneRow(trx, feed, key).update({ operation: 'upsert', payload: null, revision, ...toWhy(stands) });
        return undefined;
      }
      const isReplaced = standing !== undefined && held !== id;
      const given = isReplaced ? replacing(why) : why;
      const row = toRow(feed, event, given, { revision, maxPayloadBytes: this.maxPayloadBytes });
      if (held !== id) log.record(feed, held, key, ENDINGS.replaced);
      log.record(feed, id, key, { outcome: 'parked', reason: why.state, isNew: held !== id });
      const kept = verdict === 'replaces-unread' ? { ...row, payload: null } : row;
      if (standing !== undefined) await oneRow(trx, feed, key).update(kept);
      else await trx<ParkedRow>(PARKED).insert({ ...row, place: revision, parked_at: surroundings().now() });
      return verdict === 'replaces-unread' ? undefined : revision;
    });
  }

  async parkRaw(message: RawMessage, code: string, problem: string): Promise<void> {
    const rows = this.rows();
    return rows.write(async (trx) => {
      const row = toRawRow(message, code, problem);
      await trx<RawRow>(PARKED_RAW)
        .insert({ ...row, place: rows.next(), parked_at: surroundings().now() })
        .onConflict('message_id')
        .merge(row);
    });
  }

  async find(feed: string, key: ObjectKey): Promise<ParkedEvent | undefined> {
    const row = await this.rows().read((knex) => oneRow(knex, feed, key).first());
    return row === undefined ? undefined : toParked(row);
  }

  async takeWaitingOn(feed: string, parent: ObjectKey, limit: number, after = 0): Promise<readonly ParkedEvent[]> {
    return this.take({ feed, state: 'waiting', waiting_on: keyText(parent) }, limit, { after });
  }

  async takeDeferred(
    feed: string,
    limit: number,
    except: readonly number[] = [],
    after = 0,
  ): Promise<readonly ParkedEvent[]> {
    return this.take({ feed, state: 'deferred' }, limit, { except, after });
  }

  async remove(feed: string, key: ObjectKey, revision: number): Promise<boolean> {
    return this.rows().write(async (trx, log) => {
      const standing = await oneRow(trx, feed, key).andWhere({ revision }).first('event_id');
      if (standing === undefined) return false;
      log.record(feed, standing.event_id, key, ENDINGS.removed);
      await oneRow(trx, feed, key).delete();
      return true;
    });
  }

  async rearm(feed: string, key: ObjectKey, revision: number): Promise<boolean> {
    const rows = this.rows();
    return rows.write(async (trx, log) => {
      const standing = await oneRow(trx, feed, key).andWhere({ revision }).first('event_id', 'operation', 'why');
      if (standing === undefined) return false;
      const why = rearmed(JSON.parse(standing.why) as ParkReason);
      log.record(feed, standing.event_id, key, { outcome: 'parked', reason: why.state, isNew: false });
      const armed = { ...toWhy(why), revision: rows.next() };
      await oneRow(trx, feed, key).update(standing.operation === 'delete' ? armed : { ...armed, payload: null });
      return true;
    });
  }

  async fail(feed: string, key: ObjectKey, revision: number, why: ParkedFailure): Promise<boolean> {
    const rows = this.rows();
    return rows.write(async (trx, log) => {
      const standing = await oneRow(trx, feed, key).andWhere({ revision }).first('event_id', 'why');
      if (standing === undefined) return false;
      log.record(feed, standing.event_id, key, { outcome: 'parked', reason: why.state, isNew: false });
      const given = { ...why, ...marksOf(JSON.parse(standing.why) as ParkReason) };
      await oneRow(trx, feed, key).update({ ...toWhy(given), revision: rows.next() });
      return true;
    });
  }

  async removeBelow(feed: string, ancestor: ObjectKey): Promise<number> {
    return this.rows().write(async (trx, log) => {
      const ofIncident = await trx<ParkedRow>(PARKED)
        .where({ feed, org_id: ancestor.orgId, incident_id: ancestor.incidentId })
        .select('org_id', 'incident_id', 'object_type', 'object_id', 'task_id', 'parent', 'event_id');
      const below = rowsBelow(ancestor, ofIncident.map(placeOf));
      for (const { key, eventId } of below) {
        log.record(feed, eventId, key, endedWith(ancestor));
        await oneRow(trx, feed, key).delete();
      }
      return below.length;
    });
  }

  async *list(filter: ParkedFilter): AsyncGenerator<Omit<ParkedEvent, 'payload'>> {
    const page = (after: number) =>
      this.rows().read<Omit<ParkedRow, 'payload'>[]>((knex) =>
        filterParked(knex(PARKED), filter).andWhere('place', '>', after).orderBy('place').limit(PAGE).select(LISTED),
      );
    for await (const row of byPlace(page)) yield toListed(row);
  }

  async *listRaw(): AsyncGenerator<ParkedRaw> {
    const page = (after: number) =>
      this.rows().read<RawRow[]>((knex) => knex(PARKED_RAW).where('place', '>', after).orderBy('place').limit(PAGE));
    for await (const row of byPlace(page)) yield toRaw(row);
  }

  async findRaw(messageId: string): Promise<ParkedRaw | undefined> {
    const row = await this.rows().read((knex) => rawRow(knex, messageId).first());
    return row === undefined ? undefined : toRaw(row);
  }

  async takeRaw(limit: number): Promise<readonly ParkedRaw[]> {
    const rows = await this.rows().read<RawRow[]>((knex) =>
      knex(PARKED_RAW).where({ retry: true }).orderBy('place').limit(limit),
    );
    return rows.map(toRaw);
  }

  async rearmRaw(messageId: string): Promise<boolean> {
    return this.rows().write(async (trx) => (await rawRow(trx, messageId).update({ retry: true })) > 0);
  }

  async removeRaw(messageId: string): Promise<boolean> {
    return this.rows().write(async (trx) => (await rawRow(trx, messageId).delete()) > 0);
  }

  async counts(): Promise<readonly ParkedCount[]> {
    const parked = await this.rows().read<CountRow[]>((knex) =>
      knex(PARKED)
        .groupBy('feed', 'state', 'code')
        .orderBy(['feed', 'state', 'code'])
        .select('feed', 'state', 'code')
        .count({ rows: '*' })
        .min({ oldest: 'parked_at' }),
    );
    const raw = await this.rows().read<Pick<CountRow, 'rows' | 'oldest'>[]>((knex) =>
      knex(PARKED_RAW).count({ rows: '*' }).min({ oldest: 'parked_at' }),
    );
    const named = parked.map(({ code, ...row }) => ({ ...row, ...(code === null ? {} : { code }) }));
    return [...named, ...raw.map((row) => ({ ...row, state: 'raw' as const }))]
      .map(({ rows, oldest, ...of }) => ({ ...of, rows: Number(rows), oldestAtMs: Number(oldest) }))
      .filter(({ rows }) => rows > 0);
  }

  private async take(
    wanted: Partial<ParkedRow>,
    limit: number,
    { except = [], after = 0 }: { readonly except?: readonly number[]; readonly after?: number },
  ): Promise<readonly ParkedEvent[]> {
    const rows = await this.rows().read<ParkedRow[]>((knex) =>
      knex(PARKED)
        .where(wanted)
        .whereNotIn('incident_id', except)
        .andWhere('place', '>', after)
        .orderBy('place')
        .limit(limit),
    );
    return rows.map(toParked);
  }
}

type Standing = Pick<ParkedRow, (typeof STANDING)[number]> & { readonly unread: boolean | number };

function standingRow(row: Standing): StandingRow {
  const { event_id: eventId, revision, unread } = row;
  return {
    eventId: eventId ?? undefined,
    revision: Number(revision),
    isUnread: Boolean(unread),
    snapshot: snapshotOfRow(row),
  };
}

interface CountRow {
  readonly feed: string;
  readonly state: ParkReason['state'];
  readonly code: string | null;
  readonly rows: number | string;
  readonly oldest: number | string | null;
}

function rawRow(knex: Knex, messageId: string): Knex.QueryBuilder<RawRow> {
  return knex<RawRow>(PARKED_RAW).where({ message_id: messageId });
}

function oneRow(knex: Knex, feed: string, key: ObjectKey): Knex.QueryBuilder<ParkedRow> {
  return knex<ParkedRow>(PARKED).where({ feed, object_key: keyText(key) });
}

/**
 * Positions are never assigned twice, so a page may start after the end of the last one, whatever happened in between.
 */
async function* byPlace<Row extends { readonly place: number | string }>(
  page: (after: number) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  for (let after = 0; ;) {
    const rows = await page(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = Number(last.place);
  }
}

function placeOf(
  row: Pick<ParkedRow, 'org_id' | 'incident_id' | 'object_type' | 'object_id' | 'task_id' | 'parent' | 'event_id'>,
) {
  return {
    key: keyOf(row),
    eventId: row.event_id,
    ...(row.parent === null ? {} : { parent: JSON.parse(row.parent) as ObjectKey }),
    ...(row.task_id === null ? {} : { taskId: Number(row.task_id) }),
  };
}
