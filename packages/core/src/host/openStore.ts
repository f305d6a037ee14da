import { FeedError, StoreError } from '../contract/errors.js';
import type { FeedStore, StoreOpenOptions } from '../contract/FeedStore.js';

/** Opens the state; what refuses it is told by the key that names it. Throws `StoreError`. */
export async function openStore(store: FeedStore, options?: StoreOpenOptions): Promise<void> {
  try {
    await store.open(options);
  } catch (error) {
    if (!FeedError.is(error) || error.kind !== 'store') throw error;
    const { code, details } = error;
    throw new StoreError(`[feeds] state_db: ${error.message}`, { code, details, cause: error });
  }
}
