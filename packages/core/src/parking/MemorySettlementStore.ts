import { surroundings } from '@soar-feed/soar-client';
import type {
  AppliedObject,
  IncidentRange,
  LastApplied,
  SettledObject,
  Settlement,
  SettlementStore,
  TouchedIncident,
} from '../contract/FeedStore.js';
import { incidentKey, isIncident, keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { compareStamps } from '../lanes/freshness.js';
import type { MemoryOutcomeStore } from './MemoryOutcomeStore.js';
import type { MemoryParkedStore } from './MemoryParkedStore.js';

/**
 * What was applied last, per feed and object. A stamp goes back only if the source's database did; where stamps cannot be
 * compared, the later settlement wins. A superseded or dropped event was not applied and changes nothing here.
 */
export class MemorySettlementStore implements SettlementStore {
  private readonly standing = new Map<string, Standing>();

  constructor(
    private readonly assertOpen: () => void,
    private readonly parked: MemoryParkedStore,
    private readonly outcomes: MemoryOutcomeStore,
  ) {}

  async settle(settlement: Settlement): Promise<boolean> {
    this.assertOpen();
    const { feed, key, eventId, parkedRevision, outcome, reason } = settlement;
    const isHeld = parkedRevision === undefined || this.parked.has(feed, key, parkedRevision);
    if (!isHeld && outcome === 'dropped') return false;
    const name = nameOf(feed, key);
    const standing = this.standing.get(name);
    const taskId = settlement.taskId ?? standing?.taskId;
    const place = {
      feed,
      key,
      eventId,
      settledAtMs: surroundings().now(),
      ...(taskId === undefined ? {} : { taskId }),
    };
    if (outcome === 'delivered' || outcome === 'skipped')
      this.standing.set(name, { ...place, last: after(standing?.last, settlement) });
    else if (standing === undefined) this.standing.set(name, { ...place, last: { outcome, deleted: false } });
    this.outcomes.record(feed, eventId, key, { outcome, ...(reason === undefined ? {} : { reason }) });
    if (parkedRevision !== undefined) this.parked.end(feed, key, parkedRevision);
    if (settlement.resync === true) this.parked.wishResync(feed, key);
    return isHeld;
  }

  /** Takes over what another store knows of an object, unless this one knows more. */
  takeOver(feed: string, key: ObjectKey, last: LastApplied): void {
    this.assertOpen();
    const name = nameOf(feed, key);
    if (!this.standing.has(name)) this.standing.set(name, { feed, key, eventId: '', settledAtMs: 0, last });
  }

  async last(feed: string, key: ObjectKey): Promise<LastApplied | undefined> {
    this.assertOpen();
    return this.standing.get(nameOf(feed, key))?.last;
  }

  async *applied(
    feed: string,
    { orgId, minIncidentId, maxIncidentId = Infinity }: IncidentRange,
  ): AsyncGenerator<AppliedObject> {
    this.assertOpen();
    const found = [...this.standing.values()].filter(({ feed: of, key, last: { outcome, deleted } }) => {
      const within = key.orgId === orgId && key.incidentId >= minIncidentId && key.incidentId <= maxIncidentId;
      return of === feed && within && !deleted && (outcome === 'delivered' || outcome === 'skipped');
    });
    found.sort((a, b) => a.key.incidentId - b.key.incidentId);
    for (const { key, taskId } of found) {
      if (!isIncident(key) && this.isDeleted(feed, incidentKey(key))) continue;
      if (taskId !== undefined && this.isDeleted(feed, { ...key, type: 'task', objectId: taskId })) continue;
      yield { key, ...(taskId === undefined ? {} : { taskId }) };
    }
  }

  async touchedSince(feed: string, sinceMs: number): Promise<readonly TouchedIncident[]> {
    this.assertOpen();
    const found = new Map<number, TouchedIncident>();
    for (const { feed: of, key, settledAtMs, last } of this.standing.values()) {
      if (of !== feed || settledAtMs < sinceMs) continue;
      const { incidentId } = key;
      const { deliveredAtMs = 0 } = found.get(incidentId) ?? {};
      const latestMs = last.outcome === 'delivered' ? Math.max(deliveredAtMs, settledAtMs) : deliveredAtMs;
      found.set(incidentId, { incidentId, ...(latestMs === 0 ? {} : { deliveredAtMs: latestMs }) });
    }
    return [...found.values()];
  }

  async named(type: string, objectId: number): Promise<readonly SettledObject[]> {
    this.assertOpen();
    return [...this.standing.values()]
      .filter(({ key }) => key.type === type && key.objectId === objectId)
      .map(toSettled);
  }

  async ofIncident(feed: string, orgId: number, incidentId: number, limit: number): Promise<readonly SettledObject[]> {
    this.assertOpen();
    return [...this.standing.values()]
      .filter(({ feed: of, key }) => of === feed && key.orgId === orgId && key.incidentId === incidentId)
      .sort((a, b) => b.settledAtMs - a.settledAtMs)
      .slice(0, limit)
      .map(toSettled);
  }

  private isDeleted(feed: string, key: ObjectKey): boolean {
    return this.standing.get(nameOf(feed, key))?.last.deleted === true;
  }
}

function toSettled({ feed, key, eventId, settledAtMs, last }: Standing): SettledObject {
  return { feed, key, eventId, settledAtMs, ...last };
}

interface Standing extends AppliedObject {
  readonly feed: string;
  readonly eventId: string;
  readonly settledAtMs: number;
  readonly last: LastApplied;
}

function nameOf(feed: string, key: ObjectKey): string {
  return JSON.stringify([feed, keyText(key)]);
}

function after(standing: LastApplied | undefined, settlement: Settlement): LastApplied {
  const { stamp = standing?.stamp, deleted, outcome } = settlement;
  const isOlder = standing?.stamp !== undefined && stamp !== undefined && compareStamps(stamp, standing.stamp) === -1;
  // An applied delete removed the object, however old its stamp looks compared with a snapshot's.
  if (isOlder && settlement.setsBack !== true) return { ...standing, outcome, deleted: standing.deleted || deleted };
  return { outcome, ...(stamp === undefined ? {} : { stamp }), deleted };
}
