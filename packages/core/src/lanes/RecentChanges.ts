import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { INDEX_LAG_MS } from './judgeFreshness.js';

/** Objects remembered, some hundred bytes each: forty messages a second about different objects, for twenty minutes. */
const KEPT = 50_000;

/**
 * The objects that the queue brought recently, as far back as a search index may lag behind the database. A reload's
 * snapshot of one of them may be old even if the stamps are equal.
 */
export class RecentChanges {
  /** By `keyText`, ms, source clock; the oldest first. */
  private readonly broughtAt = new Map<string, number>();
  /** Entries up to this time (ms, source clock) were dropped although they still count: any object may be among them. */
  private forgottenAtMs = -Infinity;

  constructor(private readonly kept = KEPT) {}

  get size(): number {
    return this.broughtAt.size;
  }

  note(key: ObjectKey, nowMs: number): void {
    const text = keyText(key);
    this.broughtAt.delete(text);
    this.broughtAt.set(text, nowMs);
    for (const [old, atMs] of this.broughtAt) {
      const counts = atMs >= nowMs - 2 * INDEX_LAG_MS;
      if (counts && this.broughtAt.size <= this.kept) return;
      this.broughtAt.delete(old);
      if (counts) this.forgottenAtMs = Math.max(this.forgottenAtMs, atMs);
    }
  }

  /** Whether it is remembered. */
  has(key: ObjectKey): boolean {
    return this.broughtAt.has(keyText(key));
  }

  /** Whether a snapshot of the source as of `asOfMs` may lack a change that the queue brought. */
  mayBeNewer(key: ObjectKey, asOfMs: number): boolean {
    return (this.broughtAt.get(keyText(key)) ?? this.forgottenAtMs) >= asOfMs;
  }
}
