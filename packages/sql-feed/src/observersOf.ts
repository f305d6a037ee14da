import type { SqlFeedSettings } from './config/toSettings.js';
import { History } from './history/History.js';
import type { RowObserver } from './RowObserver.js';
import type { SqlFeedServices } from './SqlFeedServices.js';

/** What is kept beside the current tables, as the settings say. */
export function observersOf({ history }: SqlFeedSettings, { log }: SqlFeedServices): readonly RowObserver[] {
  return history ? [new History(log)] : [];
}
