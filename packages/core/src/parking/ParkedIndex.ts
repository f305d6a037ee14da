import type { ObjectKey } from '../contract/ObjectKey.js';
import type { IncidentRange, ParkReason } from '../contract/FeedStore.js';
import { AwaitedParents } from './AwaitedParents.js';
import { comesBack } from './comesBack.js';
import { PackedRows } from './PackedRows.js';
import type { Slot } from './PackedRows.js';

/**
 * The parked objects of one feed, without their payloads. Every event asks it, so it must not cost a query, and an outage may
 * park a hundred thousand rows, so it holds little of each. The store is the truth; the index is filled from it at start and
 * follows every change.
 */
export class ParkedIndex {
  private readonly rows = new PackedRows();
  private readonly parents = new AwaitedParents();
  /** How many rows of an incident are in line, of incidents that have any. */
  private readonly deferred = new Map<number, number>();
  private readonly counts = new Map<ParkReason['state'], number>();
  /** The row that has waited longest, if it is known. */
  private oldest: Slot | undefined;

  get size(): number {
    return this.rows.size;
  }

  count(state: ParkReason['state']): number {
    return this.counts.get(state) ?? 0;
  }

  has(key: ObjectKey): boolean {
    return this.rows.find(key) !== undefined;
  }

  /** Whether rows are in line for delivery: another event of the incident must go behind them. */
  hasDeferred(incidentId: number): boolean {
    return this.deferred.has(incidentId);
  }

  /** How many rows of the incident there are, by state. */
  countsOf(incidentId: number): ReadonlyMap<ParkReason['state'], number> {
    const counts = new Map<ParkReason['state'], number>();
    for (const slot of this.rows.slotsOf(incidentId)) bump(counts, this.rows.row(slot).state, 1);
    return counts;
  }

  /** Whether rows wait for this object. */
  isAwaited(parent: ObjectKey): boolean {
    return this.parents.has(parent);
  }

  /** `sinceMs`: as `sinceOf`. A row that stood for an older change still does. */
  set(key: ObjectKey, why: ParkReason, sinceMs: number): void {
    const { state } = why;
    const slot = this.rows.find(key);
    const before = slot === undefined ? undefined : this.rows.row(slot);
    const oldest = before !== undefined && comesBack(before.state) ? Math.min(before.sinceMs, sinceMs) : sinceMs;
    if (slot !== undefined) this.remove(slot, key.incidentId);
    const parent = why.state === 'waiting' ? this.parents.enter(why.on) : 0;
    const added = this.rows.add(key, { state, sinceMs: oldest, parent });
    if (this.oldest !== undefined && comesBack(state) && oldest < this.rows.row(this.oldest).sinceMs)
      this.oldest = added;
    bump(this.counts, state, 1);
    if (state === 'deferred') bump(this.deferred, key.incidentId, 1);
  }

  delete(key: ObjectKey): void {
    const slot = this.rows.find(key);
    if (slot !== undefined) this.remove(slot, key.incidentId);
  }

  /** When the oldest change happened that the object's row stands for; ms, host clock. */
  sinceOf(key: ObjectKey): number | undefined {
    const slot = this.rows.find(key);
    return slot === undefined ? undefined : this.rows.row(slot).sinceMs;
  }

  /** The same for all rows that come back by themselves; `undefined`: there are none. */
  oldestSinceMs(): number | undefined {
    if (this.count('waiting') + this.count('deferred') + this.count('resync') === 0) return undefined;
    this.oldest ??= this.findOldest();
    return this.oldest === undefined ? undefined : this.rows.row(this.oldest).sinceMs;
  }

  keys(): readonly ObjectKey[] {
    return [...this.rows.slots()].map((slot) => this.rows.key(slot));
  }

  keysOf(incidentId: number): readonly ObjectKey[] {
    return [...this.rows.slotsOf(incidentId)].map((slot) => this.rows.key(slot));
  }

  keysWithin({ orgId, minIncidentId, maxIncidentId = Infinity }: IncidentRange): readonly ObjectKey[] {
    const incidents = this.rows.incidentsWithin(minIncidentId, maxIncidentId);
    return incidents.flatMap((id) => this.keysOf(id)).filter((key) => key.orgId === orgId);
  }

  /** The parents that parked rows wait for, each once. */
  awaitedParents(): readonly ObjectKey[] {
    return this.parents.keys();
  }

  private remove(slot: Slot, incidentId: number): void {
    const { state, parent } = this.rows.row(slot);
    this.rows.remove(slot);
    if (slot === this.oldest) this.oldest = undefined;
    bump(this.counts, state, -1);
    if (state === 'deferred') bump(this.deferred, incidentId, -1);
    if (parent > 0) this.parents.leave(parent);
  }

  private findOldest(): Slot | undefined {
    let oldest: Slot | undefined;
    let oldestMs = Infinity;
    for (const slot of this.rows.slots()) {
      const { state, sinceMs } = this.rows.row(slot);
      if (comesBack(state) && sinceMs < oldestMs) [oldest, oldestMs] = [slot, sinceMs];
    }
    return oldest;
  }
}

function bump<K>(counts: Map<K, number>, key: K, by: number): void {
  const next = (counts.get(key) ?? 0) + by;
  if (next <= 0) counts.delete(key);
  else counts.set(key, next);
}
