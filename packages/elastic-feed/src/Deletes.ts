import { isIncident, ownValue, RetryableError, writeJson } from '@soar-feed/core';
import type { DeliveryOutcome, FeedEvent, Replies } from '@soar-feed/core';
import type { Below, Child } from './Below.js';
import type { Bulk, ItemResult, Operation } from './Bulk.js';
import type { Document } from './documentOf.js';
import type { Send } from './Indices.js';
import { outcomeOf } from './outcomeOf.js';
import { readDocuments } from './readDocuments.js';
import type { Place } from './readDocuments.js';
import { versionOf } from './staleness.js';
import type { Tombstones } from './Tombstones.js';

export interface DeleteParts {
  readonly send: Send;
  readonly bulk: Bulk;
  readonly tombstones: Tombstones;
  readonly below: Below;
  readonly onDelete: 'remove' | 'mark';
  /** The indices that may hold children. */
  indices(): Promise<readonly string[]>;
  /** Those of data tables, whose columns are somebody's own: one called task_id names no task. */
  tables(): Promise<readonly string[]>;
  placeOf(event: FeedEvent, objectId: number): Place;
  readonly replies: Pick<Replies, 'gone'>;
}

type Stored = Place & { readonly version: number; readonly source: Document };

/** Removes or marks the documents of deleted objects, and of what hung below them. */
export class Deletes {
  constructor(private readonly parts: DeleteParts) {}

  /** Same length, same order. Throws what concerns the whole destination. */
  async run(events: readonly FeedEvent[], signal: AbortSignal): Promise<readonly DeliveryOutcome[]> {
    const isBig = events.some(({ key }) => isIncident(key) || key.type === 'task');
    const indices = isBig ? await this.parts.indices() : [];
    const tables = new Set(isBig ? await this.parts.tables() : []);
    const children = await this.parts.below.of(events, indices, signal);
    const replies = await Promise.all(events.map((event) => this.parts.replies.gone(event)));
    const own = events.map((event, at) =>
      [event.key, ...(replies[at] ?? [])].map(({ objectId }) => this.parts.placeOf(event, objectId)),
    );
    const stored = await this.stored(own.flat(), signal);
    const plans = events.map((event, at): readonly Operation[] => {
      const places = own[at] as readonly Place[];
      const direct = places.flatMap((place) => {
        const found = stored.get(textOf(place));
        return isElsewhere(event, found) ? [] : this.gone(event, place, found);
      });
      const hanging = children.filter(
        (child) =>
          hangsBelow(child, event) &&
          (isIncident(event.key) || !tables.has(child.index)) &&
          !places.some((place) => isSame(place, child)),
      );
      // The tombstone first: from then on, nothing late brings any of it back.
      return [
        this.parts.tombstones.bury(event),
        ...direct,
        ...hanging.flatMap((child) => this.gone(event, child, child)),
      ];
    });
    const results = await this.write(plans.flat(), signal);
    let from = 0;
    return plans.map((plan, at) => {
      const [tombstone, ...rest] = results.slice(from, (from += plan.length)) as [ItemResult, ...ItemResult[]];
      // A newer tombstone says the same.
      const outcome = outcomeOf(tombstone.status === 'failed' ? [tombstone] : rest, own[at]?.[0]);
      if (outcome.status !== 'delivered') return outcome;
      const isChanged = rest.some((result) => result.status === 'done' && result.change !== 'unchanged');
      return { ...outcome, change: isChanged ? 'deleted' : 'unchanged' };
    });
  }

  private async stored(places: readonly Place[], signal: AbortSignal): Promise<ReadonlyMap<string, Stored>> {
    const fields = this.parts.onDelete === 'mark' ? 'all' : ['soar_feed', 'inc_id'];
    const read = await readDocuments<Document>(this.parts.send, places, fields, signal);
    return new Map(
      places.flatMap((place, at) => (read[at] === undefined ? [] : [[textOf(place), { ...place, ...read[at] }]])),
    );
  }

  /**
   * A delete always comes after what it deletes, whatever the clocks say. What is not there is deleted, too: the server then
   * refuses an upsert that is still on its way.
   */
  private gone(event: FeedEvent, { index, id }: Place, stored: Stored | Child | undefined): readonly Operation[] {
    const version = Math.max(versionOf(event), stored?.version ?? 0);
    if (this.parts.onDelete === 'remove') return [{ index, id, version }];
    if (stored === undefined) return [];
    const { source } = stored;
    const ours = source['soar_feed'];
    if (ownValue(ours, 'deleted') === true) return [];
    const marked = { ...source, soar_feed: { ...(ours as object), observed_at: event.observedAtMs, deleted: true } };
    return [{ index, id, version, source: writeJson(marked) }];
  }

  private async write(operations: readonly Operation[], signal: AbortSignal): Promise<readonly ItemResult[]> {
    const results = await this.parts.bulk.write(operations, signal);
    return results.map((result, at) => {
      // The tombstone may be newer; a document that changed in between is read again by the next attempt.
      if (result.status !== 'conflict' || operations[at]?.id.includes('/') === true) return result;
      const problem = 'The document of a deleted object changed while it was removed.';
      return { status: 'failed', error: new RetryableError(problem, { code: 'elastic-conflict' }) };
    });
  }
}

/** Whether the document is another incident's by now: a source restored from a backup gives ids again. */
function isElsewhere({ key }: FeedEvent, found: Stored | undefined): boolean {
  const incidentId = found?.source['inc_id'];
  return typeof incidentId === 'number' && incidentId !== key.incidentId;
}

function hangsBelow({ incidentId, taskId }: Child, { key }: FeedEvent): boolean {
  if (isIncident(key)) return incidentId === key.objectId;
  // A task of another incident may have had this id, in a source restored from a backup.
  return key.type === 'task' && taskId === key.objectId && incidentId === key.incidentId;
}

function isSame(a: Place, b: Place): boolean {
  return a.index === b.index && a.id === b.id;
}

function textOf({ index, id }: Place): string {
  return `${index}/${id}`;
}
