import type {
  AppliedObject,
  FeedStore,
  IncidentRange,
  LastApplied,
  SettledObject,
  Settlement,
  SettlementStore,
  TouchedIncident,
} from '../../contract/FeedStore.js';
import { incidentKey, keyText } from '../../contract/ObjectKey.js';
import type { ObjectKey } from '../../contract/ObjectKey.js';
import type { MemorySettlementStore } from '../../parking/MemorySettlementStore.js';
import { MemoryStore } from '../../parking/MemoryStore.js';

/**
 * The state as a host would find it, of some incidents only: what is written stays in memory. `real` is open for
 * reading; absent: there is no state yet.
 */
export class ShadowStore implements FeedStore {
  readonly settlements: SettlementStore;
  private readonly memory = new MemoryStore();

  constructor(
    private readonly real: FeedStore | undefined,
    private readonly includes: (incidentId: number) => boolean,
  ) {
    const { settlements } = this.memory;
    this.settlements = real === undefined ? settlements : new ShadowSettlements(real.settlements, settlements);
  }

  get parked(): FeedStore['parked'] {
    return this.memory.parked;
  }

  get outcomes(): FeedStore['outcomes'] {
    return this.memory.outcomes;
  }

  get checkpoints(): FeedStore['checkpoints'] {
    return this.memory.checkpoints;
  }

  /** Throws `StoreError`. */
  async open(): Promise<void> {
    await this.memory.open();
    if (this.real === undefined) return;
    for await (const { feed, key } of this.real.parked.list({})) {
      const row = this.includes(key.incidentId) ? await this.real.parked.find(feed, key) : undefined;
      if (row !== undefined) this.memory.parked.takeOver(row);
    }
  }

  async close(): Promise<void> {
    await this.memory.close();
  }
}

class ShadowSettlements implements SettlementStore {
  constructor(
    private readonly real: SettlementStore,
    private readonly memory: MemorySettlementStore,
  ) {}

  async settle(settlement: Settlement): Promise<boolean> {
    const { feed, key } = settlement;
    const before = await this.last(feed, key);
    if (before !== undefined) this.memory.takeOver(feed, key, before);
    return this.memory.settle(settlement);
  }

  async last(feed: string, key: ObjectKey): Promise<LastApplied | undefined> {
    return (await this.memory.last(feed, key)) ?? this.real.last(feed, key);
  }

  async *applied(feed: string, range: IncidentRange): AsyncGenerator<AppliedObject> {
    const seen = new Set<string>();
    for await (const object of this.real.applied(feed, range)) {
      seen.add(keyText(object.key));
      const ends = [object.key, incidentKey(object.key)].map((key) => this.memory.last(feed, key));
      if (!(await Promise.all(ends)).some((last) => last?.deleted === true)) yield object;
    }
    for await (const object of this.memory.applied(feed, range)) if (!seen.has(keyText(object.key))) yield object;
  }

  touchedSince(feed: string, sinceMs: number): Promise<readonly TouchedIncident[]> {
    return this.real.touchedSince(feed, sinceMs);
  }

  named(type: string, objectId: number): Promise<readonly SettledObject[]> {
    return this.real.named(type, objectId);
  }

  ofIncident(feed: string, orgId: number, incidentId: number, limit: number): Promise<readonly SettledObject[]> {
    return this.real.ofIncident(feed, orgId, incidentId, limit);
  }
}
