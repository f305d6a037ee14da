import { isOlder, keyText, rowsBelow, snapshotOf } from '@soar-feed/core';
import type {
  FeedEvent,
  ObjectKey,
  ParkedEvent,
  ParkedFilter,
  ParkedRaw,
  ParkedStore,
  ParkReason,
  RawMessage,
} from '@soar-feed/core';
import type { Knex } from 'knex';
import type { FeedRows } from './FeedRows.js';
import { keyOf, snapshotOfRow, toJson, toListed, toParked, toRow } from './ParkedRow.js';
import type { ParkedRow } from './ParkedRow.js';
import { PARKED, PARKED_RAW } from './steps.js';

/** Rows read at once by the lists. */
const PAGE = 200;

const LISTED = [
  ...[
    'feed',
    'object_key',
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

interface RawRow {
  readonly message_id: string;
  readonly queue: string;
  readonly headers: string;
  readonly body: string;
  readonly code: string;
  readonly problem: string;
  readonly place: number | string;
  readonly parked_at: number | string;
}

export class KnexParkedStore implements ParkedStore {
  constructor(
    private readonly rows: () => FeedRows,
    private readonly maxPayloadBytes: number,
  ) {}

  async park(feed: string, event: FeedEvent, why: ParkReason): Promise<void> {
    const rows = this.rows();
    return rows.write(async (trx) => {
      const revision = rows.next();
      const row = toRow(feed, event, why, { revision, maxPayloadBytes: this.maxPayloadBytes });
      const standing = await oneRow(trx, feed, event.key).first(
        'operation',
        'observed_at',
        'stamp_kind',
        'stamp_value',
      );
      if (standing === undefined)
        await trx<ParkedRow>(PARKED).insert({ ...row, place: revision, parked_at: Date.now() });
      else if (!isOlder(snapshotOf(event), snapshotOfRow(standing))) await oneRow(trx, feed, event.key).update(row);
    });
  }

  async parkRaw(message: RawMessage, code: string, problem: string): Promise<void> {
    const rows = this.rows();
    return rows.write(async (trx) => {
      const row = {
        message_id: message.messageId,
        queue: message.queue,
        headers: toJson(message.headers),
        body: toJson(message.body),
        code,
        problem: toJson(problem),
        parked_at: Date.now(),
      };
      await trx<RawRow>(PARKED_RAW)
        .insert({ ...row, place: rows.next() })
        .onConflict('message_id')
        .merge(row);
    });
  }

  async find(feed: string, key: ObjectKey): Promise<ParkedEvent | undefined> {
    const row = await this.rows().read((knex) => oneRow(knex, feed, key).first());
    return row === undefined ? undefined : toParked(row);
  }

  async takeWaitingOn(feed: string, parent: ObjectKey, limit: number): Promise<readonly ParkedEvent[]> {
    return this.take({ feed, state: 'waiting', waiting_on: keyText(parent) }, limit);
  }

  async takeDeferred(feed: string, limit: number): Promise<readonly ParkedEvent[]> {
    return this.take({ feed, state: 'deferred' }, limit);
  }

  async remove(feed: string, key: ObjectKey, revision: number): Promise<boolean> {
    return this.rows().write(async (trx) => (await oneRow(trx, feed, key).andWhere({ revision }).delete()) > 0);
  }

  async removeBelow(feed: string, ancestor: ObjectKey): Promise<number> {
    return this.rows().write(async (trx) => {
      const ofIncident = await trx<ParkedRow>(PARKED)
        .where({ feed, org_id: ancestor.orgId, incident_id: ancestor.incidentId })
        .select('org_id', 'incident_id', 'object_type', 'object_id', 'task_id', 'parent');
      const below = rowsBelow(ancestor, ofIncident.map(placeOf));
      for (const { key } of below) await oneRow(trx, feed, key).delete();
      return below.length;
    });
  }

  async *list(filter: ParkedFilter): AsyncGenerator<Omit<ParkedEvent, 'payload'>> {
    const wanted = {
      ...(filter.feed === undefined ? {} : { feed: filter.feed }),
      ...(filter.state === undefined ? {} : { state: filter.state }),
      ...(filter.type === undefined ? {} : { object_type: filter.type }),
      ...(filter.incidentId === undefined ? {} : { incident_id: filter.incidentId }),
      ...(filter.code === undefined ? {} : { code: filter.code }),
    };
    const page = (after: number) =>
      this.rows().read<Omit<ParkedRow, 'payload'>[]>((knex) =>
        knex(PARKED).where(wanted).andWhere('place', '>', after).orderBy('place').limit(PAGE).select(LISTED),
      );
    for await (const row of byPlace(page)) yield toListed(row);
  }

  async *listRaw(): AsyncGenerator<ParkedRaw> {
    const page = (after: number) =>
      this.rows().read<RawRow[]>((knex) => knex(PARKED_RAW).where('place', '>', after).orderBy('place').limit(PAGE));
    for await (const row of byPlace(page)) yield toRaw(row);
  }

  private async take(wanted: Partial<ParkedRow>, limit: number): Promise<readonly ParkedEvent[]> {
    const rows = await this.rows().read<ParkedRow[]>((knex) =>
      knex(PARKED).where(wanted).orderBy('place').limit(limit),
    );
    return rows.map(toParked);
  }
}

function oneRow(knex: Knex, feed: string, key: ObjectKey): Knex.QueryBuilder<ParkedRow> {
  return knex<ParkedRow>(PARKED).where({ feed, object_key: keyText(key) });
}

/** Places are never given twice, so a page may start behind the last one's end whatever happened in between. */
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

function placeOf(row: Pick<ParkedRow, 'org_id' | 'incident_id' | 'object_type' | 'object_id' | 'task_id' | 'parent'>) {
  return {
    key: keyOf(row),
    ...(row.parent === null ? {} : { parent: JSON.parse(row.parent) as ObjectKey }),
    ...(row.task_id === null ? {} : { taskId: Number(row.task_id) }),
  };
}

function toRaw(row: RawRow): ParkedRaw {
  return {
    message: {
      messageId: row.message_id,
      queue: row.queue,
      headers: JSON.parse(row.headers) as Record<string, string>,
      body: JSON.parse(row.body) as string,
    },
    code: row.code,
    problem: JSON.parse(row.problem) as string,
    parkedAtMs: Number(row.parked_at),
  };
}
