import { FeedError, StoreError } from '../contract/errors.js';
import type { FeedStore } from '../contract/FeedStore.js';

/** Opens the state; what refuses it is told by the key that names it. Throws `StoreError`. */
export async function openStore(store: FeedStore): Promise<void> {
  try {
    await store.open();
  } catch (error) {
    if (!FeedError.is(error) || error.kind !== 'store') throw error;
    const { code, details } = error;
    throw new StoreError(`[feeds] state_db: ${error.message}`, { code, details, cause: error });
  }
}
