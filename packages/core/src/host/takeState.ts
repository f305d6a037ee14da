import type { FeedStore } from '../contract/FeedStore.js';
import type { Logger } from '../contract/Logger.js';
import { messageOf } from '../trouble/messageOf.js';
import { openStore } from './openStore.js';
import type { PreparedHost } from './PreparedHost.js';
import type { Standby } from './Standby.js';

export interface TakeStateServices {
  readonly store: FeedStore;
  readonly log: Logger;
  /** As `HostParts.prepareAgain`. */
  readonly prepareAgain: () => Promise<PreparedHost>;
}

/**
 * Opens the state database, which a standby first waits for. Gives the config to go on with: a standby may have waited for
 * months, so it takes it as it is now, or, if that has problems, as it was. Throws as `openStore`.
 */
export async function takeState(
  standby: Standby | undefined,
  prepared: PreparedHost,
  { store, log, prepareAgain }: TakeStateServices,
): Promise<PreparedHost> {
  const waited = standby === undefined ? await openStore(store) : await standby.until(() => openStore(store));
  if (waited !== true) return prepared;
  return prepareAgain().catch((error: unknown) => {
    log.error(`The config is used as it was, because it has problems now: ${messageOf(error)}`, {
      event: 'host.refresh-refused',
    });
    return prepared;
  });
}
