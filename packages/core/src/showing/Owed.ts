/** An incident is looked at once nothing happened to it for this long, ms: a burst of changes becomes one write. */
const QUIET_MS = 3_000;
/** Or at the latest this long after the first change, ms. */
const LATEST_MS = 60_000;

/** What is known of an incident that has to be looked at. Times: ms, host clock. */
export interface OwedLook {
  readonly incidentId: number;
  /** When a feed brought something new of it to the destination, by feed. */
  readonly changedAtMs: Map<string, number>;
  /** When something of it was delivered before this process began, by feed. */
  readonly deliveredAtMs: Map<string, number>;
  sinceMs: number;
  lastMs: number;
  notBeforeMs: number;
}

/** The incidents that have to be looked at, and when. */
export class Owed {
  private readonly looks = new Map<number, OwedLook>();

  get size(): number {
    return this.looks.size;
  }

  /** `feed`: it brought something new; absent: only its state may be another one. */
  add(incidentId: number, nowMs: number, feed?: string): void {
    const look = this.looks.get(incidentId) ?? blank(incidentId, nowMs);
    look.lastMs = nowMs;
    // Whatever a look waits for may have come.
    look.notBeforeMs = 0;
    if (feed !== undefined) look.changedAtMs.set(feed, nowMs);
    this.looks.set(incidentId, look);
  }

  /** An earlier process delivered something of it to `feed`, and may not have shown it. */
  addDelivered(incidentId: number, nowMs: number, feed: string, deliveredAtMs: number): void {
    this.add(incidentId, nowMs);
    this.looks.get(incidentId)?.deliveredAtMs.set(feed, deliveredAtMs);
  }

  /** Takes at most `limit` incidents whose time has come; those that are `busy` stay. */
  take(nowMs: number, limit: number, busy: (incidentId: number) => boolean): readonly OwedLook[] {
    const taken: OwedLook[] = [];
    for (const look of this.looks.values()) {
      if (taken.length === limit) break;
      // The clock was set back: its times say nothing, and begin anew.
      if (nowMs < look.lastMs) Object.assign(look, { sinceMs: nowMs, lastMs: nowMs, notBeforeMs: 0 });
      const isDue = nowMs >= Math.min(look.lastMs + QUIET_MS, look.sinceMs + LATEST_MS) && nowMs >= look.notBeforeMs;
      if (isDue && !busy(look.incidentId)) taken.push(look);
    }
    for (const { incidentId } of taken) this.looks.delete(incidentId);
    return taken;
  }

  /** Puts one back, to be looked at again at `notBeforeMs`; what happened meanwhile stays known. */
  putBack(look: OwedLook, notBeforeMs: number): void {
    const { incidentId } = look;
    const newer = this.looks.get(incidentId);
    if (newer === undefined) {
      this.looks.set(incidentId, { ...look, notBeforeMs });
      return;
    }
    newer.sinceMs = Math.min(newer.sinceMs, look.sinceMs);
    for (const [feed, atMs] of look.changedAtMs)
      if (atMs > (newer.changedAtMs.get(feed) ?? 0)) newer.changedAtMs.set(feed, atMs);
  }

  /** Since when the oldest is owed. */
  oldestMs(): number | undefined {
    let oldest: number | undefined;
    for (const { sinceMs } of this.looks.values()) if (oldest === undefined || sinceMs < oldest) oldest = sinceMs;
    return oldest;
  }
}

function blank(incidentId: number, nowMs: number): OwedLook {
  return {
    incidentId,
    changedAtMs: new Map(),
    deliveredAtMs: new Map(),
    sinceMs: nowMs,
    lastMs: nowMs,
    notBeforeMs: 0,
  };
}
