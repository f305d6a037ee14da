import type { ParkReason } from '../contract/FeedStore.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** A row's place in the columns, for as long as the row is there. */
export type Slot = number;

/** What is kept of one row beside its key. */
export interface PackedRow {
  readonly state: ParkReason['state'];
  /** ms, host clock. */
  readonly sinceMs: number;
  /** Number of what it waits for; 0: nothing. */
  readonly parent: number;
}

const STATES: readonly ParkReason['state'][] = ['waiting', 'deferred', 'failed', 'undecided', 'resync'];
const NONE = -1;
/** Slots of a table that is empty, a power of two. */
const FEWEST = 64;

/**
 * Rows by their keys, in columns of numbers: some fifty bytes a row, where an object with its key would take hundreds. The rows
 * of a bucket form a chain, and so do those of an incident, the oldest first.
 */
export class PackedRows {
  private readonly types = new Types();
  private columns = new Columns(FEWEST);
  /** The first slot of each incident that has rows. */
  private readonly first = new Map<number, Slot>();
  private free: Slot = NONE;
  /** Slots that were ever used. */
  private used = 0;
  private count = 0;

  get size(): number {
    return this.count;
  }

  find(key: ObjectKey): Slot | undefined {
    const type = this.types.known(key);
    if (type === undefined) return undefined;
    const { buckets, inBucket, incident, object, type: types } = this.columns;
    for (let slot = buckets[this.bucketOf(key, type)] ?? NONE; slot !== NONE; slot = inBucket[slot] ?? NONE)
      if (object[slot] === key.objectId && incident[slot] === key.incidentId && types[slot] === type) return slot;
    return undefined;
  }

  /** There must be no row with this key. */
  add(key: ObjectKey, row: PackedRow): Slot {
    if (this.free === NONE && this.used === this.columns.size) this.grow();
    const slot = this.take();
    const { columns } = this;
    columns.incident[slot] = key.incidentId;
    columns.object[slot] = key.objectId;
    columns.type[slot] = this.types.of(key);
    columns.state[slot] = STATES.indexOf(row.state);
    columns.since[slot] = row.sinceMs;
    columns.parent[slot] = row.parent;
    this.enterBucket(slot);
    this.enterIncident(slot);
    this.count += 1;
    return slot;
  }

  remove(slot: Slot): void {
    this.leaveBucket(slot);
    this.leaveIncident(slot);
    this.columns.inBucket[slot] = this.free;
    this.columns.type[slot] = NONE;
    this.free = slot;
    this.count -= 1;
    if (this.count > 0) return;
    // What an outage needed is given back once it is over.
    this.columns = new Columns(FEWEST);
    this.free = NONE;
    this.used = 0;
  }

  row(slot: Slot): PackedRow {
    const { state, since, parent } = this.columns;
    return {
      state: STATES[state[slot] ?? 0] as ParkReason['state'],
      sinceMs: since[slot] as number,
      parent: parent[slot] as number,
    };
  }

  key(slot: Slot): ObjectKey {
    const { incident, object, type } = this.columns;
    const { orgId, name } = this.types.named(type[slot] as number);
    return { orgId, incidentId: incident[slot] as number, type: name, objectId: object[slot] as number };
  }

  *slots(): Generator<Slot> {
    for (let slot = 0; slot < this.used; slot += 1) if (this.columns.type[slot] !== NONE) yield slot;
  }

  *slotsOf(incidentId: number): Generator<Slot> {
    const { next } = this.columns;
    for (let slot = this.first.get(incidentId) ?? NONE; slot !== NONE; slot = next[slot] ?? NONE) yield slot;
  }

  /** The incidents that have rows, both ends inclusive. */
  incidentsWithin(min: number, max: number): readonly number[] {
    if (max - min > this.first.size) return [...this.first.keys()].filter((id) => id >= min && id <= max);
    return Array.from({ length: max - min + 1 }, (_, at) => min + at).filter((id) => this.first.has(id));
  }

  private take(): Slot {
    if (this.free === NONE) return this.used++;
    const slot = this.free;
    this.free = this.columns.inBucket[slot] ?? NONE;
    return slot;
  }

  private grow(): void {
    this.columns = this.columns.copied(this.columns.size * 2);
    for (let slot = 0; slot < this.used; slot += 1) this.enterBucket(slot);
  }

  private enterBucket(slot: Slot): void {
    const { buckets, inBucket, type } = this.columns;
    const bucket = this.bucketOf(this.key(slot), type[slot] as number);
    inBucket[slot] = buckets[bucket] ?? NONE;
    buckets[bucket] = slot;
  }

  private leaveBucket(slot: Slot): void {
    const { buckets, inBucket, type } = this.columns;
    const bucket = this.bucketOf(this.key(slot), type[slot] as number);
    const behind = inBucket[slot] ?? NONE;
    if (buckets[bucket] === slot) {
      buckets[bucket] = behind;
      return;
    }
    let before = buckets[bucket] ?? NONE;
    while (inBucket[before] !== slot) before = inBucket[before] ?? NONE;
    inBucket[before] = behind;
  }

  /** As the last of its incident: whose first row has it for its `previous`. */
  private enterIncident(slot: Slot): void {
    const { next, previous, incident } = this.columns;
    const first = this.first.get(incident[slot] as number);
    const last = first === undefined ? undefined : (previous[first] as number);
    next[slot] = NONE;
    previous[slot] = last ?? slot;
    if (first === undefined || last === undefined) {
      this.first.set(incident[slot] as number, slot);
      return;
    }
    next[last] = slot;
    previous[first] = slot;
  }

  private leaveIncident(slot: Slot): void {
    const { next, previous, incident } = this.columns;
    const [before, behind] = [previous[slot] as number, next[slot] as number];
    const id = incident[slot] as number;
    const first = this.first.get(id) as number;
    if (slot !== first) next[before] = behind;
    if (slot === first && behind === NONE) this.first.delete(id);
    else if (slot === first) this.first.set(id, behind);
    if (behind !== NONE) previous[behind] = before;
    else if (slot !== first) previous[first] = before;
  }

  private bucketOf({ incidentId, objectId }: ObjectKey, type: number): number {
    const mixed =
      Math.imul(objectId | 0, 0x9e3779b1) ^ Math.imul(incidentId | 0, 0x85ebca6b) ^ Math.imul(type, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 15)) & (this.columns.size - 1);
  }
}

class Columns {
  readonly incident: Float64Array;
  readonly object: Float64Array;
  readonly since: Float64Array;
  readonly parent: Int32Array;
  /** `NONE`: the slot is free. */
  readonly type: Int32Array;
  readonly state: Uint8Array;
  /** The neighbours among the rows of its incident. */
  readonly next: Int32Array;
  readonly previous: Int32Array;
  /** The next row of its bucket, or the next free slot. */
  readonly inBucket: Int32Array;
  readonly buckets: Int32Array;

  /** `size`: a power of two. */
  constructor(readonly size: number) {
    this.incident = new Float64Array(size);
    this.object = new Float64Array(size);
    this.since = new Float64Array(size);
    this.parent = new Int32Array(size);
    this.type = new Int32Array(size);
    this.state = new Uint8Array(size);
    this.next = new Int32Array(size);
    this.previous = new Int32Array(size);
    this.inBucket = new Int32Array(size);
    this.buckets = new Int32Array(size).fill(NONE);
  }

  /** All but the buckets. */
  copied(size: number): Columns {
    const columns = new Columns(size);
    for (const name of ['incident', 'object', 'since', 'parent', 'type', 'state', 'next', 'previous'] as const)
      columns[name].set(this[name]);
    return columns;
  }
}

/** Types of objects of an organization, by number. */
class Types {
  private readonly numbers = new Map<number, Map<string, number>>();
  private readonly all: { readonly orgId: number; readonly name: string }[] = [];

  known({ orgId, type }: ObjectKey): number | undefined {
    return this.numbers.get(orgId)?.get(type);
  }

  of(key: ObjectKey): number {
    const known = this.known(key);
    if (known !== undefined) return known;
    const { orgId, type } = key;
    const ofOrg = this.numbers.get(orgId) ?? new Map<string, number>();
    this.numbers.set(orgId, ofOrg.set(type, this.all.length));
    return this.all.push({ orgId, name: type }) - 1;
  }

  named(type: number): { readonly orgId: number; readonly name: string } {
    return this.all[type] as { readonly orgId: number; readonly name: string };
  }
}
