import type { Logger } from '@soar-feed/core';
import type { OpenedHost } from '../openHost.js';

/** What the page needs of the host that it shows. */
export interface PageHost extends Pick<OpenedHost, 'host' | 'config'> {
  readonly log: Logger;
}
