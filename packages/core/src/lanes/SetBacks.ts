import type { Logger } from '../contract/Logger.js';
import { keyText } from '../contract/ObjectKey.js';
import type { ObjectKey } from '../contract/ObjectKey.js';

/** An episode is over after this long (ms) without another object; for as long, old messages may still come late. */
const EPISODE_MS = 10 * 60_000;

/** Objects remembered; the oldest are forgotten first. */
const KEPT = 10_000;

/** Objects whose version went back at the source, which was restored from a backup. Logged once per episode, then counted. */
export class SetBacks {
  /** By `keyText`, ms, steady; the oldest first. */
  private readonly at = new Map<string, number>();
  private lastAtMs = -Infinity;
  private count = 0;

  constructor(private readonly log: Logger) {}

  note(key: ObjectKey, nowMs: number, what: string): void {
    const text = keyText(key);
    this.at.delete(text);
    this.at.set(text, nowMs);
    for (const [oldest, atMs] of this.at) {
      if (this.at.size <= KEPT && nowMs - atMs <= EPISODE_MS) break;
      this.at.delete(oldest);
    }
    if (nowMs - this.lastAtMs > EPISODE_MS) this.count = 0;
    this.lastAtMs = nowMs;
    this.count += 1;
    const say = this.count === 1 ? 'warn' : 'debug';
    this.log[say](
      `The source shows ${what}: it was probably restored from a backup. From now on the state in its database is taken, for this and for all other objects.`,
      {
        event: 'source.set-back',
        type: key.type,
        objectId: key.objectId,
        incidentId: key.incidentId,
        count: this.count,
      },
    );
  }

  /** Whether a message with a newer version may be older than the restore, and so unknown to the source now. */
  doubts(key: ObjectKey, nowMs: number): boolean {
    return nowMs - (this.at.get(keyText(key)) ?? -Infinity) <= EPISODE_MS;
  }
}
