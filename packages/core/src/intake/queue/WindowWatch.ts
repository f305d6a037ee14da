import type { Clock } from '../../contract/Clock.js';
import { StoppingError } from '../../contract/errors.js';
import type { Logger } from '../../contract/Logger.js';
import type { Feed } from '../../delivery/Feed.js';

const LOOK_EVERY_MS = 50;
/**
 * A feed that ends its events within this time, ms, keeps up: the window moves fast enough for all. A SOAR server takes 300 to
 * 500 ms per object, and a burst must not look like trouble.
 */
const PATIENCE_MS = 1_000;

export interface WindowWatchServices {
  readonly feeds: readonly Pick<Feed, 'name' | 'up' | 'lagging' | 'held' | 'makeWay'>[];
  /** Messages that the broker hands over before it waits for acknowledgements. */
  readonly prefetch: number;
  readonly log: Logger;
  readonly clock: Clock;
}

/**
 * Keeps the broker's window (its prefetch) moving. The broker hands over only a limited number of unacknowledged messages,
 * and each waits for all of its feeds: a feed that is slow or away would soon hold them all, and the others would starve. A
 * feed that holds half of the window makes way before it holds the rest.
 */
export class WindowWatch {
  private readonly stopping = new AbortController();

  constructor(private readonly services: WindowWatchServices) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.stopping.abort();
  }

  /** One look; returns when the next one is worth while, ms. If no feed keeps up, nobody would benefit from another making way. */
  async look(): Promise<number> {
    const { feeds, prefetch } = this.services;
    const held = feeds.map((feed) => ({ feed, ...feed.held() }));
    const keepsUp = held.some(({ feed, oldestMs }) => feed.up && !feed.lagging && oldestMs <= PATIENCE_MS);
    // Nothing that is held or arrives meanwhile is older than the patience before then.
    const nextMs = Math.max(LOOK_EVERY_MS, PATIENCE_MS - Math.max(0, ...held.map(({ oldestMs }) => oldestMs)));
    if (!keepsUp) return nextMs;
    const brakes = held.filter(({ messages, oldestMs }) => messages >= prefetch / 2 && oldestMs > PATIENCE_MS);
    await Promise.all(brakes.map(({ feed }) => feed.makeWay()));
    return nextMs;
  }

  private async run(): Promise<void> {
    const { clock, log } = this.services;
    const { signal } = this.stopping;
    let restMs = LOOK_EVERY_MS;
    while (!signal.aborted) {
      await clock.sleep(restMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      restMs = await this.look().catch((error: unknown) => {
        if (!(error instanceof StoppingError)) log.error(`A feed could not make way: ${String(error)}`, { error });
        return LOOK_EVERY_MS;
      });
    }
  }
}
