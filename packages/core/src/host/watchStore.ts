import type { FeedStore } from '../contract/FeedStore.js';
import { durably } from '../parking/durably.js';
import type { DurablyContext } from '../parking/durably.js';

const EVERY_MS = 1_000;

/** Keeps probing the store, so that its health is known while nothing happens. Never rejects. */
export async function watchStore(store: FeedStore, context: DurablyContext, stopping: AbortSignal): Promise<void> {
  while (store.check !== undefined && !stopping.aborted) {
    // `durably` reports its trouble; a bug in the check must not end the host.
    await durably(context, 'check', async () => store.check?.()).catch((error: unknown) =>
      context.log.debug(`The store could not be asked: ${String(error)}`),
    );
    await context.clock.sleep(EVERY_MS, stopping).catch(() => undefined);
  }
}
