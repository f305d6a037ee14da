import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import type {
  ParkedEvent,
  ParkedFilter,
  ParkedRaw,
  ParkedStore,
  ParkReason,
  RawMessage,
} from '../contract/FeedStore.js';
import { resyncKey } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { Snapshot } from '../lanes/freshness.js';
import { isOlder, snapshotOf } from '../lanes/freshness.js';
import { rowsBelow, taskIdOf } from './rowsBelow.js';

/** A row without its payload, and the payload as text, so that nobody else holds the same object. */
interface Row {
  readonly listed: Omit<ParkedEvent, 'payload'>;
  readonly payloadText?: string;
  readonly snapshot: Snapshot;
  readonly taskId?: number;
}

export class MemoryParkedStore implements ParkedStore {
  private readonly rows = new Map<string, Row>();
  private readonly raw = new Map<string, ParkedRaw>();
  private used = 0;

  constructor(
    private readonly assertOpen: () => void,
    private readonly maxPayloadBytes: number,
  ) {}

  async park(feed: string, event: FeedEvent, why: ParkReason): Promise<void> {
    this.assertOpen();
    const name = rowName(feed, event.key);
    const standing = this.rows.get(name);
    const snapshot = snapshotOf(event);
    const text = JSON.stringify(event.payload);
    if (standing !== undefined && isOlder(snapshot, standing.snapshot)) return;
    const { key, parent, operation, workspace, observedAtMs } = event;
    const taskId = taskIdOf(event);
    const line = this.next(standing);
    this.rows.set(name, {
      listed: {
        feed,
        key,
        ...(parent === undefined ? {} : { parent }),
        operation,
        workspace,
        observedAtMs,
        why,
        ...line,
      },
      ...(Buffer.byteLength(text) > this.maxPayloadBytes ? {} : { payloadText: text }),
      snapshot,
      ...(taskId === undefined ? {} : { taskId }),
    });
  }

  async parkRaw(message: RawMessage, code: string, problem: string): Promise<void> {
    this.assertOpen();
    this.raw.set(message.messageId, { message: structuredClone(message), code, problem, parkedAtMs: Date.now() });
  }

  async find(feed: string, key: ObjectKey): Promise<ParkedEvent | undefined> {
    this.assertOpen();
    const row = this.rows.get(rowName(feed, key));
    return row === undefined ? undefined : whole(row);
  }

  async takeWaitingOn(feed: string, parent: ObjectKey, limit: number): Promise<readonly ParkedEvent[]> {
    const on = keyText(parent);
    return this.take(
      limit,
      ({ listed }) => listed.feed === feed && listed.why.state === 'waiting' && keyText(listed.why.on) === on,
    );
  }

  async takeDeferred(feed: string, limit: number): Promise<readonly ParkedEvent[]> {
    return this.take(limit, ({ listed }) => listed.feed === feed && listed.why.state === 'deferred');
  }

  async remove(feed: string, key: ObjectKey, revision: number): Promise<boolean> {
    this.assertOpen();
    const name = rowName(feed, key);
    return this.rows.get(name)?.listed.revision === revision && this.rows.delete(name);
  }

  async removeBelow(feed: string, ancestor: ObjectKey): Promise<number> {
    this.assertOpen();
    const ofIncident = [...this.rows.values()].filter(
      ({ listed: { key, feed: of } }) =>
        of === feed && key.orgId === ancestor.orgId && key.incidentId === ancestor.incidentId,
    );
    const below = rowsBelow(
      ancestor,
      ofIncident.map(({ listed: { key, parent }, taskId }) => ({
        key,
        ...(parent === undefined ? {} : { parent }),
        ...(taskId === undefined ? {} : { taskId }),
      })),
    );
    for (const { key } of below) this.rows.delete(rowName(feed, key));
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

  /** Part of a settlement: a wish to load the whole incident, kept at its place and renewed. */
  wishResync(feed: string, { orgId, incidentId }: ObjectKey): void {
    const key = resyncKey(orgId, incidentId);
    const name = rowName(feed, key);
    const observedAtMs = Date.now();
    const line = this.next(this.rows.get(name));
    this.rows.set(name, {
      listed: { feed, key, operation: 'upsert', workspace: '', observedAtMs, why: { state: 'resync' }, ...line },
      snapshot: { operation: 'upsert', observedAtMs, stamp: { kind: 'read', value: observedAtMs } },
    });
  }

  /** A new revision, never given before, at the place that the row had, and has had since. */
  private next(standing: Row | undefined): Pick<ParkedEvent, 'revision' | 'place' | 'parkedAtMs'> {
    this.used += 1;
    const { place = this.used, parkedAtMs = Date.now() } = standing?.listed ?? {};
    return { revision: this.used, place, parkedAtMs };
  }

  private take(limit: number, wanted: (row: Row) => boolean): readonly ParkedEvent[] {
    this.assertOpen();
    return this.inLine().filter(wanted).slice(0, limit).map(whole);
  }

  /** A map keeps the order of first insertion, also when a value is replaced: that of the places. */
  private inLine(): readonly Row[] {
    return [...this.rows.values()];
  }
}

function rowName(feed: string, key: ObjectKey): string {
  return JSON.stringify([feed, keyText(key)]);
}

function whole({ listed, payloadText }: Row): ParkedEvent {
  return { ...listed, ...(payloadText === undefined ? {} : { payload: JSON.parse(payloadText) as SoarObject }) };
}

function matches({ feed, why, key }: Omit<ParkedEvent, 'payload'>, filter: ParkedFilter): boolean {
  const code = why.state === 'failed' ? why.code : undefined;
  return (
    (filter.feed === undefined || filter.feed === feed) &&
    (filter.state === undefined || filter.state === why.state) &&
    (filter.type === undefined || filter.type === key.type) &&
    (filter.incidentId === undefined || filter.incidentId === key.incidentId) &&
    (filter.code === undefined || filter.code === code)
  );
}
