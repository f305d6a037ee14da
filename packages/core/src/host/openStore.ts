import { FeedError, StoreError } from '../contract/errors.js';
import type { FeedStore, StoreOpenOptions } from '../contract/FeedStore.js';

/** Opens the state database. Throws `StoreError`; its message names the config key. */
export async function openStore(store: FeedStore, options?: StoreOpenOptions): Promise<void> {
  try {
    await store.open(options);
  } catch (error) {
    if (!FeedError.is(error) || error.kind !== 'store') throw error;
    const { code, details } = error;
    throw new StoreError(`[feeds] state_db: ${error.message}`, { code, details, cause: error });
  }
}
