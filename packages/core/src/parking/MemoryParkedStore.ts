import { parseJson, surroundings, writeJson } from '@soar-feed/soar-client';
import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import type {
  ParkedCount,
  ParkedEvent,
  ParkedFailure,
  ParkedFilter,
  ParkedRaw,
  ParkedStore,
  ParkReason,
  RawMessage,
} from '../contract/FeedStore.js';
import { resyncKey } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { rowsBelow } from '../hierarchy/rowsBelow.js';
import { taskIdOf } from '../hierarchy/taskOf.js';
import type { Snapshot } from '../lanes/freshness.js';
import { snapshotOf } from '../lanes/freshness.js';
import { ENDINGS, endedWith, marksOf, rearmed, replacing, rowName, whyInDoubt } from './endings.js';
import { judgeParked } from './judgeParked.js';
import type { StandingRow } from './judgeParked.js';
import type { MemoryOutcomeStore } from './MemoryOutcomeStore.js';

/** A row without its payload, and the payload as text, so that the row shares no object with anybody. */
interface Row {
  readonly listed: Omit<ParkedEvent, 'payload'>;
  readonly payloadText?: string;
  readonly snapshot: Snapshot;
}

export class MemoryParkedStore implements ParkedStore {
  private readonly rows = new Map<string, Row>();
  private readonly raw = new Map<string, ParkedRaw>();
  private used = 0;

  constructor(
    private readonly assertOpen: () => void,
    private readonly maxPayloadBytes: number,
    private readonly outcomes: MemoryOutcomeStore,
  ) {}

  async park(feed: string, event: FeedEvent, why: ParkReason, revision?: number): Promise<number | undefined> {
    this.assertOpen();
    const name = rowName(feed, event.key);
    const standing = this.rows.get(name);
    const verdict = judgeParked(event, revision, standing && standingRow(standing));
    if (verdict === 'outdated') return undefined;
    const snapshot = snapshotOf(event);
    const text = writeJson(event.payload);
    const { id: eventId, key, parent, operation, workspace, observedAtMs } = event;
    const held = standing?.listed.eventId;
    if (standing !== undefined && verdict === 'doubtful') {
      this.outcomes.record(feed, eventId, key, ENDINGS.doubtful);
      this.readAnew(standing);
      return undefined;
    }
    const given = standing !== undefined && held !== eventId ? replacing(why) : why;
    if (held !== eventId) this.outcomes.record(feed, held, key, ENDINGS.replaced);
    this.outcomes.record(feed, eventId, key, { outcome: 'parked', reason: why.state, isNew: held !== eventId });
    const taskId = taskIdOf(event);
    const line = this.next(standing);
    this.rows.set(name, {
      listed: {
        feed,
        key,
        eventId,
        ...(parent === undefined ? {} : { parent }),
        ...(taskId === undefined ? {} : { taskId }),
        operation,
        workspace,
        observedAtMs,
        why: given,
        ...line,
      },
      ...(Buffer.byteLength(text) > this.maxPayloadBytes || verdict === 'replaces-unread' ? {} : { payloadText: text }),
      snapshot,
    });
    return verdict === 'replaces-unread' ? undefined : line.revision;
  }

  /** Takes over a row of another store as it is, with its place in line. */
  takeOver(row: ParkedEvent): void {
    this.assertOpen();
    const { payload, ...listed } = row;
    const { operation, observedAtMs } = row;
    const stamp = { kind: 'read', value: observedAtMs } as const;
    const text = payload === undefined ? {} : { payloadText: writeJson(payload) };
    this.rows.set(rowName(row.feed, row.key), { listed, ...text, snapshot: { operation, stamp, observedAtMs } });
    this.used = Math.max(this.used, row.revision, row.place);
  }

  async parkRaw(message: RawMessage, code: string, problem: string): Promise<void> {
    this.assertOpen();
    const { parkedAtMs = surroundings().now() } = this.raw.get(message.messageId) ?? {};
    this.raw.set(message.messageId, { message: structuredClone(message), code, problem, parkedAtMs, retry: false });
  }

  async find(feed: string, key: ObjectKey): Promise<ParkedEvent | undefined> {
    this.assertOpen();
    const row = this.rows.get(rowName(feed, key));
    return row === undefined ? undefined : whole(row);
  }

  async takeWaitingOn(feed: string, parent: ObjectKey, limit: number, after = 0): Promise<readonly ParkedEvent[]> {
    const on = keyText(parent);
    return this.take(limit, ({ listed: { feed: of, why, place } }) => {
      return of === feed && place > after && why.state === 'waiting' && keyText(why.on) === on;
    });
  }

  async takeDeferred(
    feed: string,
    limit: number,
    except: readonly number[] = [],
    after = 0,
  ): Promise<readonly ParkedEvent[]> {
    const passed = new Set(except);
    return this.take(limit, ({ listed: { feed: of, why, place, key } }) => {
      return of === feed && place > after && why.state === 'deferred' && !passed.has(key.incidentId);
    });
  }

  async remove(feed: string, key: ObjectKey, revision: number): Promise<boolean> {
    this.assertOpen();
    const eventId = this.standing(feed, key, revision)?.listed.eventId;
    if (!this.end(feed, key, revision)) return false;
    this.outcomes.record(feed, eventId, key, ENDINGS.removed);
    return true;
  }

  async rearm(feed: string, key: ObjectKey, revision: number): Promise<boolean> {
    this.assertOpen();
    const row = this.standing(feed, key, revision);
    if (row === undefined) return false;
    const { payloadText, ...rest } = row;
    const { listed } = row;
    const why = rearmed(listed.why);
    const kept = listed.operation === 'delete' && payloadText !== undefined ? { payloadText } : {};
    this.rows.set(rowName(feed, key), { ...rest, ...kept, listed: { ...listed, why, ...this.next(row) } });
    this.outcomes.record(feed, listed.eventId, key, { outcome: 'parked', reason: why.state, isNew: false });
    return true;
  }

  async fail(feed: string, key: ObjectKey, revision: number, why: ParkedFailure): Promise<boolean> {
    this.assertOpen();
    const row = this.standing(feed, key, revision);
    if (row === undefined) return false;
    const given = { ...why, ...marksOf(row.listed.why) };
    this.rows.set(rowName(feed, key), { ...row, listed: { ...row.listed, why: given, ...this.next(row) } });
    this.outcomes.record(feed, row.listed.eventId, key, { outcome: 'parked', reason: why.state, isNew: false });
    return true;
  }

  async removeBelow(feed: string, ancestor: ObjectKey): Promise<number> {
    this.assertOpen();
    const ofIncident = [...this.rows.values()].filter(
      ({ listed: { key, feed: of } }) =>
        of === feed && key.orgId === ancestor.orgId && key.incidentId === ancestor.incidentId,
    );
    const below = rowsBelow(
      ancestor,
      ofIncident.map(({ listed: { key, parent, taskId } }) => ({
        key,
        ...(parent === undefined ? {} : { parent }),
        ...(taskId === undefined ? {} : { taskId }),
      })),
    );
    for (const { key } of below) {
      const name = rowName(feed, key);
      this.outcomes.record(feed, this.rows.get(name)?.listed.eventId, key, endedWith(ancestor));
      this.rows.delete(name);
    }
    return below.length;
  }

  async *list(filter: ParkedFilter): AsyncGenerator<Omit<ParkedEvent, 'payload'>> {
    this.assertOpen();
    for (const { listed } of this.inLine()) if (matches(listed, filter)) yield listed;
  }

  async *listRaw(): AsyncGenerator<ParkedRaw> {
    this.assertOpen();
    yield* [...this.raw.values()];
  }

  async findRaw(messageId: string): Promise<ParkedRaw | undefined> {
    this.assertOpen();
    return this.raw.get(messageId);
  }

  async takeRaw(limit: number): Promise<readonly ParkedRaw[]> {
    this.assertOpen();
    return [...this.raw.values()].filter((row) => row.retry).slice(0, limit);
  }

  async rearmRaw(messageId: string): Promise<boolean> {
    this.assertOpen();
    const row = this.raw.get(messageId);
    if (row !== undefined) this.raw.set(messageId, { ...row, retry: true });
    return row !== undefined;
  }

  async removeRaw(messageId: string): Promise<boolean> {
    this.assertOpen();
    return this.raw.delete(messageId);
  }

  async counts(): Promise<readonly ParkedCount[]> {
    this.assertOpen();
    const counts = new Map<string, ParkedCount>();
    const count = (of: Pick<ParkedCount, 'feed' | 'state' | 'code'>, parkedAtMs: number): void => {
      const name = JSON.stringify(of);
      const { rows = 0, oldestAtMs = parkedAtMs } = counts.get(name) ?? {};
      const oldest = Math.min(oldestAtMs, parkedAtMs);
      counts.set(name, { ...of, rows: rows + 1, oldestAtMs: oldest });
    };
    for (const { listed } of this.rows.values()) {
      const { feed, why, parkedAtMs } = listed;
      count({ feed, state: why.state, ...(why.state === 'failed' ? { code: why.code } : {}) }, parkedAtMs);
    }
    for (const { parkedAtMs } of this.raw.values()) count({ state: 'raw' }, parkedAtMs);
    return [...counts.values()];
  }

  has(feed: string, key: ObjectKey, revision: number): boolean {
    return this.standing(feed, key, revision) !== undefined;
  }

  /** Part of a settlement: removes the row; the settlement says how its event ended. */
  end(feed: string, key: ObjectKey, revision: number): boolean {
    return this.standing(feed, key, revision) !== undefined && this.rows.delete(rowName(feed, key));
  }

  /** Part of a settlement: makes or renews the wish to load the whole incident (a resync). */
  wishResync(feed: string, { orgId, incidentId }: ObjectKey): void {
    const key = resyncKey(orgId, incidentId);
    const name = rowName(feed, key);
    const observedAtMs = surroundings().now();
    const line = this.next(this.rows.get(name));
    this.rows.set(name, {
      listed: { feed, key, operation: 'upsert', workspace: '', observedAtMs, why: { state: 'resync' }, ...line },
      snapshot: { operation: 'upsert', stamp: { kind: 'read', value: observedAtMs }, observedAtMs },
    });
  }

  /** Which of two snapshots is right cannot be determined: the object is read at its turn. A row that was given up is tried again. */
  private readAnew({ listed, snapshot }: Row): void {
    const why = whyInDoubt(listed.why);
    const place = this.next({ listed, snapshot });
    this.rows.set(rowName(listed.feed, listed.key), {
      listed: { ...listed, operation: 'upsert', why, ...place },
      snapshot,
    });
    const again = { outcome: 'parked', reason: why.state, isNew: false } as const;
    this.outcomes.record(listed.feed, listed.eventId, listed.key, again);
  }

  private standing(feed: string, key: ObjectKey, revision: number): Row | undefined {
    const row = this.rows.get(rowName(feed, key));
    return row?.listed.revision === revision ? row : undefined;
  }

  /** A new revision, never used before; the row keeps its place in line. */
  private next(standing: Row | undefined): Pick<ParkedEvent, 'revision' | 'place' | 'parkedAtMs'> {
    this.used += 1;
    const { place = this.used, parkedAtMs = surroundings().now() } = standing?.listed ?? {};
    return { revision: this.used, place, parkedAtMs };
  }

  private take(limit: number, wanted: (row: Row) => boolean): readonly ParkedEvent[] {
    this.assertOpen();
    return this.inLine().filter(wanted).slice(0, limit).map(whole);
  }

  /** In the order of the places: a map keeps the order of first insertion, even when a value is replaced. */
  private inLine(): readonly Row[] {
    return [...this.rows.values()];
  }
}

function standingRow({ listed: { eventId, revision }, payloadText, snapshot }: Row): StandingRow {
  return { eventId, revision, isUnread: payloadText === undefined, snapshot };
}

function whole({ listed, payloadText }: Row): ParkedEvent {
  return { ...listed, ...(payloadText === undefined ? {} : { payload: parseJson(payloadText) as SoarObject }) };
}

function matches({ feed, why, key }: Omit<ParkedEvent, 'payload'>, filter: ParkedFilter): boolean {
  const code = why.state === 'failed' ? why.code : undefined;
  return (
    (filter.feed === undefined || filter.feed === feed) &&
    (filter.state === undefined || filter.state === why.state) &&
    (filter.type === undefined || filter.type === key.type) &&
    (filter.orgId === undefined || filter.orgId === key.orgId) &&
    (filter.incidentId === undefined || filter.incidentId === key.incidentId) &&
    (filter.objectId === undefined || filter.objectId === key.objectId) &&
    (filter.code === undefined || filter.code === code)
  );
}
