import { surroundings } from '@soar-feed/soar-client';
import type { EventOutcome, Outcome, OutcomeStore, OutcomeTotals } from '../contract/FeedStore.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** Entries kept; the oldest go first, since nothing else bounds a process's memory. */
const KEPT = 10_000;

export class MemoryOutcomeStore implements OutcomeStore {
  private readonly entries = new Map<string, EventOutcome>();
  private readonly counts = new Map<string, Record<Outcome, number>>();

  constructor(private readonly assertOpen: () => void) {}

  /** Part of a settlement or a park. `isNew` is false where only the reason changes. */
  record(
    feed: string,
    eventId: string | undefined,
    key: ObjectKey,
    { outcome, reason, isNew = true }: { outcome: Outcome; reason?: string; isNew?: boolean },
  ): void {
    if (eventId === undefined) return;
    const name = nameOf(feed, eventId);
    this.entries.delete(name);
    const settledAtMs = surroundings().now();
    this.entries.set(name, { feed, eventId, key, outcome, ...(reason === undefined ? {} : { reason }), settledAtMs });
    for (const [oldest] of this.entries) {
      if (this.entries.size <= KEPT) break;
      this.entries.delete(oldest);
    }
    if (!isNew) return;
    const totals = this.counts.get(feed) ?? { delivered: 0, skipped: 0, superseded: 0, dropped: 0, parked: 0 };
    totals[outcome] += 1;
    this.counts.set(feed, totals);
  }

  async find(feed: string, eventId: string): Promise<EventOutcome | undefined> {
    this.assertOpen();
    return this.entries.get(nameOf(feed, eventId));
  }

  async named(type: string, objectId: number): Promise<readonly EventOutcome[]> {
    this.assertOpen();
    const last = new Map<string, EventOutcome>();
    for (const entry of this.entries.values())
      if (entry.key.type === type && entry.key.objectId === objectId)
        last.set(nameOf(entry.feed, keyText(entry.key)), entry);
    return [...last.values()];
  }

  async totals(): Promise<readonly OutcomeTotals[]> {
    this.assertOpen();
    return [...this.counts].map(([feed, totals]) => ({ feed, totals: { ...totals } }));
  }

  async prune(beforeMs: number, limit: number): Promise<number> {
    this.assertOpen();
    const old = [...this.entries].filter(
      ([, { outcome, settledAtMs }]) => outcome !== 'parked' && settledAtMs < beforeMs,
    );
    for (const [name] of old.slice(0, limit)) this.entries.delete(name);
    return Math.min(old.length, limit);
  }
}

function nameOf(feed: string, eventId: string): string {
  return JSON.stringify([feed, eventId]);
}
