import { loadStateConfig, sharedRedactor } from '@soar-feed/core/runtime';
import type { StateConfig } from '@soar-feed/core/runtime';
import { KnexFeedStore } from '@soar-feed/store';
import { configFileOf } from './configFileOf.js';
import type { GlobalArgs } from './globalOptions.js';

/** Where the state database of the config is. Throws `ConfigError`. */
export function stateConfigOf(args: GlobalArgs): StateConfig {
  return loadStateConfig(configFileOf(args), process.env, { redactor: sharedRedactor });
}

/**
 * Opens the state database for one task: read-only, also beside a running host, or as its owner. Throws `StoreError`.
 */
export async function withState<T>(
  { feeds }: StateConfig,
  { readOnly }: { readonly readOnly: boolean },
  work: (store: KnexFeedStore) => Promise<T>,
): Promise<T> {
  const store = new KnexFeedStore({ database: feeds.stateDb, keepOutcomes: feeds.keepOutcomesMs > 0 });
  await store.open({ readOnly });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
