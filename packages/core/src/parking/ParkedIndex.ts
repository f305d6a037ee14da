import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { IncidentRange, ParkReason } from '../contract/FeedStore.js';

interface IndexedRow {
  readonly key: ObjectKey;
  readonly state: ParkReason['state'];
  readonly on?: ObjectKey;
}

/**
 * The parked objects of one feed, without their payloads. Every event asks it, so it must not cost a query. The store is the
 * truth; the index is filled from it at start and follows every change.
 */
export class ParkedIndex {
  private readonly rows = new Map<string, IndexedRow>();
  private readonly deferredByIncident = new Map<number, number>();
  private readonly counts = new Map<ParkReason['state'], number>();

  get size(): number {
    return this.rows.size;
  }

  count(state: ParkReason['state']): number {
    return this.counts.get(state) ?? 0;
  }

  has(key: ObjectKey): boolean {
    return this.rows.has(keyText(key));
  }

  /** Whether rows are in line for delivery: another event of the incident must go behind them. */
  hasDeferred(incidentId: number): boolean {
    return this.deferredByIncident.has(incidentId);
  }

  set(key: ObjectKey, why: ParkReason): void {
    this.delete(key);
    this.rows.set(keyText(key), { key, state: why.state, ...(why.state === 'waiting' ? { on: why.on } : {}) });
    bump(this.counts, why.state, 1);
    if (why.state === 'deferred') bump(this.deferredByIncident, key.incidentId, 1);
  }

  delete(key: ObjectKey): void {
    const text = keyText(key);
    const row = this.rows.get(text);
    if (row === undefined) return;
    this.rows.delete(text);
    bump(this.counts, row.state, -1);
    if (row.state === 'deferred') bump(this.deferredByIncident, key.incidentId, -1);
  }

  keys(): readonly ObjectKey[] {
    return [...this.rows.values()].map((row) => row.key);
  }

  keysOf(incidentId: number): readonly ObjectKey[] {
    return this.keys().filter((key) => key.incidentId === incidentId);
  }

  keysWithin({ orgId, minIncidentId, maxIncidentId = Infinity }: IncidentRange): readonly ObjectKey[] {
    return this.keys().filter(
      (key) => key.orgId === orgId && key.incidentId >= minIncidentId && key.incidentId <= maxIncidentId,
    );
  }

  /** The parents that parked rows wait for, each once. */
  awaitedParents(): readonly ObjectKey[] {
    const parents = new Map<string, ObjectKey>();
    for (const row of this.rows.values()) if (row.on !== undefined) parents.set(keyText(row.on), row.on);
    return [...parents.values()];
  }
}

function bump<K>(counts: Map<K, number>, key: K, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next <= 0) counts.delete(key);
  else counts.set(key, next);
}
