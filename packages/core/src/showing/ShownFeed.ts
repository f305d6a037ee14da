import type { ParkReason } from '../contract/FeedStore.js';
import type { LastApplied } from '../contract/FeedStore.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import type { ShownNames } from '../contract/shownFields.js';

/** What comes back by itself is shown as waiting only if it has waited for this long, ms. */
const WAITS_MS = 60_000;
/** The last sync may be shown this much too early: it is no reason for a write of its own, ms. */
export const SYNC_TOLERANCE_MS = 60_000;

/** A feed that shows itself, as it can be asked. */
export interface ShownFeed {
  readonly name: string;
  readonly names: ShownNames;
  /** Whether something of the incident is under way. */
  holds(incidentId: number): boolean;
  /** Its parked rows of the incident, by state. */
  parked(incidentId: number): ReadonlyMap<ParkReason['state'], number>;
  /** What was applied to the incident itself last. */
  last(incident: ObjectKey): Promise<LastApplied | undefined>;
  /** Where people see the counterpart. */
  link(incident: ObjectKey): Promise<string | undefined>;
}

/** What the fields hold. */
export interface Shown {
  readonly link: string | null;
  readonly state: string | null;
  /** ms, source clock. */
  readonly synced: number | null;
}

/** What the fields should hold; `sync`: the last sync is to be set. */
export interface Wanted {
  readonly link: string | null;
  readonly state: string;
}

/**
 * What the feed should show of an incident. `undefined`: nothing, for it was never the feed's. A number: look again after
 * so many ms, because something waits that may still come at once.
 */
export async function wantedOf(
  feed: ShownFeed,
  incident: ObjectKey,
  { isShown, sinceMs, nowMs }: { readonly isShown: boolean; readonly sinceMs: number; readonly nowMs: number },
): Promise<Wanted | number | undefined> {
  const parked = feed.parked(incident.incidentId);
  const waits = (parked.get('waiting') ?? 0) + (parked.get('deferred') ?? 0) + (parked.get('resync') ?? 0);
  const waitedMs = nowMs - sinceMs;
  if (waits > 0 && waitedMs < WAITS_MS) return WAITS_MS - waitedMs;
  const last = await feed.last(incident);
  if (last?.deleted === true || (last === undefined && parked.size === 0)) return undefined;
  const isFed = last === undefined || last.outcome === 'delivered' || last.outcome === 'superseded';
  if (!isFed && !isShown && parked.size === 0) return undefined;
  return { link: (await feed.link(incident)) ?? null, state: isFed ? stateOf(parked, waits) : 'Not fed' };
}

function stateOf(parked: ReadonlyMap<ParkReason['state'], number>, waiting: number): string {
  const parts = [
    [parked.get('failed') ?? 0, 'failed'],
    [parked.get('undecided') ?? 0, 'undecided'],
    [waiting, 'waiting'],
  ] as const;
  const words = parts.flatMap(([count, word]) => (count === 0 ? [] : [`${count} ${word}`]));
  return words.length === 0 ? 'Up to date' : `Not up to date: ${words.join(', ')}`;
}
