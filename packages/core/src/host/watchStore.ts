import type { FeedStore } from '../contract/FeedStore.js';
import { durably } from '../parking/durably.js';
import type { DurablyContext } from '../parking/durably.js';

const EVERY_MS = 1_000;

/** Keeps asking the store how it is, so that its health is known while nothing comes. Never rejects. */
export async function watchStore(store: FeedStore, context: DurablyContext, stopping: AbortSignal): Promise<void> {
  while (store.check !== undefined && !stopping.aborted) {
    // What it says is told by `durably`; a fault of ours in it must not end the host.
    await durably(context, 'check', async () => store.check?.()).catch((error: unknown) =>
      context.log.debug(`The store could not be asked: ${String(error)}`),
    );
    await context.clock.sleep(EVERY_MS, stopping).catch(() => undefined);
  }
}
