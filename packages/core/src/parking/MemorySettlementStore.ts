import type { LastApplied, Settlement, SettlementStore } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { compareStamps } from '../lanes/freshness.js';
import type { MemoryOutcomeStore } from './MemoryOutcomeStore.js';
import type { MemoryParkedStore } from './MemoryParkedStore.js';

/**
 * What was applied last, per feed and object. A stamp never goes back; where stamps do not compare, the later
 * settlement wins. What was superseded, or dropped by a person, was not applied: it changes nothing that stands.
 */
export class MemorySettlementStore implements SettlementStore {
  private readonly applied = new Map<string, LastApplied>();

  constructor(
    private readonly assertOpen: () => void,
    private readonly parked: MemoryParkedStore,
    private readonly outcomes: MemoryOutcomeStore,
  ) {}

  async settle(settlement: Settlement): Promise<void> {
    this.assertOpen();
    const { feed, key, eventId, parkedRevision, outcome, reason } = settlement;
    const name = JSON.stringify([feed, keyText(key)]);
    const standing = this.applied.get(name);
    if (outcome === 'delivered' || outcome === 'skipped') this.applied.set(name, after(standing, settlement));
    else if (standing === undefined) this.applied.set(name, { outcome, deleted: false });
    this.outcomes.record(feed, eventId, key, { outcome, ...(reason === undefined ? {} : { reason }) });
    if (parkedRevision !== undefined) this.parked.end(feed, key, parkedRevision);
    if (settlement.resync === true) this.parked.wishResync(feed, key);
  }

  async last(feed: string, key: ObjectKey): Promise<LastApplied | undefined> {
    this.assertOpen();
    return this.applied.get(JSON.stringify([feed, keyText(key)]));
  }
}

function after(standing: LastApplied | undefined, settlement: Settlement): LastApplied {
  const { stamp = standing?.stamp, deleted, outcome } = settlement;
  if (standing?.stamp !== undefined && stamp !== undefined && compareStamps(stamp, standing.stamp) === -1)
    return { ...standing, outcome };
  return { outcome, ...(stamp === undefined ? {} : { stamp }), deleted };
}
