import { FeedError, RetryableError, TIME_SERIES, writeJson } from '@soar-feed/core';
import type { DeliveryOutcome, FeedEvent } from '@soar-feed/core';
import type { Bulk, ItemResult, Operation } from './Bulk.js';
import type { Document, Ours } from './documentOf.js';
import type { IndexState } from './IndexState.js';
import type { Send } from './Indices.js';
import { outcomeOf } from './outcomeOf.js';
import { readDocuments } from './readDocuments.js';
import { isStale, versionOf } from './staleness.js';
import type { Tombstones } from './Tombstones.js';

export interface UpsertParts {
  readonly send: Send;
  readonly bulk: Bulk;
  readonly tombstones: Tombstones;
  /** The event's document, and the index that is ready for it. */
  prepare(event: FeedEvent, signal: AbortSignal): Promise<{ readonly document: Document; readonly index: IndexState }>;
  idOf(event: FeedEvent): string;
  /** ms, source clock. */
  now(): number;
  /** Documents of this size together are written before more are made, bytes: contents are large. */
  readonly maxBytes: number;
}

/** A document to write, and perhaps a tombstone to lift. */
interface Write {
  readonly event: FeedEvent;
  readonly document: Document;
  readonly index: IndexState;
  readonly operations: readonly Operation[];
}

/** Writes documents in one bulk request, unless something newer or a tombstone stands there. */
export class Upserts {
  constructor(private readonly parts: UpsertParts) {}

  /** Same length, same order. Throws what concerns the whole destination. */
  async run(events: readonly FeedEvent[], signal: AbortSignal): Promise<readonly DeliveryOutcome[]> {
    const judge = await this.parts.tombstones.judge(events, this.parts.now(), signal);
    const outcomes: DeliveryOutcome[] = [];
    let planned: (Write | DeliveryOutcome)[] = [];
    let bytes = 0;
    for (const event of events) {
      const one = await this.plan(event, judge(event), signal);
      planned.push(one);
      bytes += isWrite(one) ? (one.operations[0]?.source?.length ?? 0) : 0;
      if (bytes < this.parts.maxBytes) continue;
      outcomes.push(...(await this.write(planned, signal)));
      planned = [];
      bytes = 0;
    }
    return [...outcomes, ...(await this.write(planned, signal))];
  }

  private async write(
    planned: readonly (Write | DeliveryOutcome)[],
    signal: AbortSignal,
  ): Promise<readonly DeliveryOutcome[]> {
    const writes = await withTimes(this.parts.send, planned.filter(isWrite), signal);
    const results = await this.parts.bulk.write(
      writes.flatMap(({ operations }) => operations),
      signal,
    );
    const settled = await this.settle(writes.flatMap(each), results, signal);
    let at = 0;
    return planned.map((one) => {
      if (!isWrite(one)) return one;
      const own = settled.slice(at, (at += one.operations.length));
      return outcomeOf(own, one.operations[0]);
    });
  }

  private async plan(
    event: FeedEvent,
    { isDead, own }: { readonly isDead: boolean; readonly own?: number },
    signal: AbortSignal,
  ): Promise<Write | DeliveryOutcome> {
    if (isDead) return { status: 'delivered', change: 'unchanged' };
    try {
      const { document, index } = await this.parts.prepare(event, signal);
      const write = { index: index.name, id: this.parts.idOf(event), source: sourceOf(document, index) };
      const lift = own === undefined ? [] : [this.parts.tombstones.raise(event, Math.max(own, versionOf(event)))];
      return { event, document, index, operations: [{ ...write, version: versionOf(event) }, ...lift] };
    } catch (error) {
      signal.throwIfAborted();
      // What concerns the destination ends the batch; the rest (a content that broke off) ends this event only.
      if (FeedError.is(error) && error.kind !== 'permanent') throw error;
      return { status: 'failed', error: error as Error };
    }
  }

  /** A conflict is either something newer, or a version that says less than the event does: then it is written over. */
  private async settle(
    items: readonly { readonly event: FeedEvent; readonly operation: Operation }[],
    results: readonly ItemResult[],
    signal: AbortSignal,
  ): Promise<readonly ItemResult[]> {
    const conflicts = items.flatMap((item, at) => (results[at]?.status === 'conflict' ? [{ ...item, at }] : []));
    if (conflicts.length === 0) return results;
    const settled = [...results];
    const read = await readDocuments<{ soar_feed?: Ours }>(
      this.parts.send,
      conflicts.map(({ operation }) => operation),
      ['soar_feed'],
      signal,
    );
    const again: { readonly operation: Operation; readonly at: number }[] = [];
    for (const [which, { event, operation, at }] of conflicts.entries()) {
      const result = results[at] as Extract<ItemResult, { status: 'conflict' }>;
      const version = read[which]?.version ?? result.version ?? operation.version;
      if (isStale(event, standingOf(read[which]?.source.soar_feed, version), this.parts.now())) {
        settled[at] = { status: 'done', change: 'unchanged' };
      } else {
        again.push({ operation: { ...operation, version: Math.max(version, operation.version) }, at });
      }
    }
    const second = await this.parts.bulk.write(
      again.map(({ operation }) => operation),
      signal,
    );
    for (const [which, { at }] of again.entries()) {
      const result = second[which] as ItemResult;
      settled[at] =
        result.status !== 'conflict'
          ? result
          : {
              status: 'failed',
              error: new RetryableError('Another writer changes the same document.', { code: 'elastic-conflict' }),
            };
    }
    return settled;
  }
}

function standingOf(ours: Partial<Ours> | undefined, version: number): Parameters<typeof isStale>[1] {
  const { observed_at: observedAtMs = version, stamp_kind: kind, stamp: value } = ours ?? {};
  if (kind === undefined || value === undefined) return { observedAtMs };
  return { observedAtMs, stamp: { kind: kind as 'vers', value } };
}

/**
 * An incident that comes without its time series keeps the one that it has: a document is written whole. Costs a request only
 * where an index has time series at all.
 */
async function withTimes(send: Send, writes: readonly Write[], signal: AbortSignal): Promise<readonly Write[]> {
  const isBare = ({ event, index }: Write): boolean => event.timeSeries === undefined && index.hasTimeSeries;
  const bare = writes.filter(isBare);
  if (bare.length === 0) return writes;
  const read = await readDocuments<Document>(send, bare.map(placeOf), [`${TIME_SERIES}*`], signal);
  const times = new Map(bare.map((write, at) => [placeOf(write).id, read[at]?.source ?? {}]));
  return writes.map((write) => {
    const { id } = placeOf(write);
    if (!isBare(write)) {
      // A later event of this incident in the same batch keeps these.
      const own = Object.entries(write.document).filter(([name]) => name.startsWith(TIME_SERIES));
      if (write.index.hasTimeSeries) times.set(id, Object.fromEntries(own));
      return write;
    }
    const [first, ...rest] = write.operations as [Operation, ...Operation[]];
    const document = { ...write.document, ...times.get(id) };
    return { ...write, operations: [{ ...first, source: sourceOf(document, write.index) }, ...rest] };
  });
}

function placeOf({ operations }: Write): Operation {
  return operations[0] as Operation;
}

function sourceOf(document: Document, index: IndexState): string {
  return writeJson(around(document, index));
}

/** The values of fields whose type was changed, where their index takes them. */
function around(document: Document, { detours }: IndexState): Document {
  if (detours.size === 0) return document;
  return Object.fromEntries(
    Object.entries(document).flatMap(([name, value]): [string, unknown][] => {
      const detour = detours.get(name);
      if (detour === undefined || value === null) return [[name, value]];
      const aside: [string, unknown] = [detour.to, value];
      return detour.also ? [[name, value], aside] : [aside];
    }),
  ) as Document;
}

function each({ event, operations }: Write): readonly { readonly event: FeedEvent; readonly operation: Operation }[] {
  return operations.map((operation) => ({ event, operation }));
}

function isWrite(one: Write | DeliveryOutcome): one is Write {
  return 'operations' in one;
}
