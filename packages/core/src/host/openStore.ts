import { FeedError, StoreError } from '../contract/errors.js';
import type { FeedStore, StoreOpenOptions } from '../contract/FeedStore.js';

/** Opens the state database. Throws `StoreError`; its message names the config key. */
export async function openStore(store: FeedStore, options?: StoreOpenOptions): Promise<void> {
  try {
    await store.open(options);
  } catch (error) {
    if (!FeedError.is(error) || error.kind !== 'store') throw error;
    const { code, details } = error;
    throw new StoreError(`[feeds] state_db: ${error.message}`, { code, details, cause: error, ...fixOf(error) });
  }
}

/** Read by its field: the store may have its own copy of this package. */
function fixOf(error: FeedError): Pick<StoreError, 'startWould'> {
  const startWould = 'startWould' in error ? error.startWould : undefined;
  return startWould === 'create' || startWould === 'upgrade' ? { startWould } : {};
}
