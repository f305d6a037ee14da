import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';
import { INDEX_LAG_MS } from './judgeFreshness.js';

/**
 * Which objects the queue brought lately, as far back as a search index may lag behind the database: their snapshots
 * from a reload may be old, though their stamps are equal.
 */
export class RecentChanges {
  /** By `keyText`, ms, source clock; the oldest first. */
  private readonly broughtAt = new Map<string, number>();

  note(key: ObjectKey, nowMs: number): void {
    const text = keyText(key);
    this.broughtAt.delete(text);
    this.broughtAt.set(text, nowMs);
    for (const [old, atMs] of this.broughtAt) {
      if (atMs >= nowMs - 2 * INDEX_LAG_MS) return;
      this.broughtAt.delete(old);
    }
  }

  /** Whether a snapshot that shows the source as of `asOfMs` may lack a change that came. */
  mayBeNewer(key: ObjectKey, asOfMs: number): boolean {
    return (this.broughtAt.get(keyText(key)) ?? -Infinity) >= asOfMs;
  }
}
