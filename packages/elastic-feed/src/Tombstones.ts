import { incidentKey, isIncident, keyText, taskIdOf, writeJson } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import type { Operation } from './Bulk.js';
import type { Send } from './Indices.js';
import { readDocuments } from './readDocuments.js';
import { isStale, versionOf } from './staleness.js';

/** What the tombstones say of an event. */
export interface Verdict {
  /** The object, or what it hangs below, was deleted later than this. */
  readonly isDead: boolean;
  /** The object's own tombstone, where it has one: its version. */
  readonly own?: number;
}

/**
 * What was deleted, and when, in an index of its own. The server remembers the version of a deleted document for a minute
 * only (`index.gc_deletes`); a late upsert after that would bring the document back.
 */
export class Tombstones {
  constructor(
    private readonly send: Send,
    private readonly index: string,
  ) {}

  async judge(
    events: readonly FeedEvent[],
    sourceNowMs: number,
    signal: AbortSignal,
  ): Promise<(event: FeedEvent) => Verdict> {
    const ids = [...new Set(events.flatMap((event) => [event.key, ...above(event)].map(idOf)))];
    const places = ids.map((id) => ({ index: this.index, id }));
    const read = await readDocuments<{ observed_at: number }>(this.send, places, ['observed_at'], signal);
    const times = new Map(ids.flatMap((id, at) => (read[at] === undefined ? [] : [[id, read[at]] as const])));
    return (event) => {
      const own = times.get(idOf(event.key));
      const all = [own, ...above(event).map((key) => times.get(idOf(key)))];
      const isDead = all.some(
        (one) => one !== undefined && isStale(event, { observedAtMs: one.source.observed_at }, sourceNowMs),
      );
      return { isDead, ...(own === undefined ? {} : { own: own.version }) };
    };
  }

  bury(event: FeedEvent): Operation {
    const { orgId, type, objectId, incidentId } = event.key;
    const source = { org_id: orgId, type, object_id: objectId, inc_id: incidentId, observed_at: event.observedAtMs };
    return { index: this.index, id: idOf(event.key), source: writeJson(source), version: versionOf(event) };
  }

  /** The object is back. */
  raise({ key }: FeedEvent, version: number): Operation {
    return { index: this.index, id: idOf(key), version };
  }
}

function above(event: FeedEvent): readonly ObjectKey[] {
  const { key } = event;
  if (isIncident(key)) return [];
  const task = taskIdOf(event);
  return [incidentKey(key), ...(task === undefined ? [] : [{ ...key, type: 'task', objectId: task }])];
}

function idOf(key: ObjectKey): string {
  return keyText(key);
}
