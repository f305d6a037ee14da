import type { SqlFeedSettings } from './config/toSettings.js';
import { History } from './history/History.js';
import type { RowObserver } from './RowObserver.js';
import type { SqlFeedServices } from './SqlFeedServices.js';
import { IncidentTimers } from './views/IncidentTimers.js';
import { Views } from './views/Views.js';

/** What is kept beside the current tables, as the settings say. The views come last: they read what the others make. */
export function observersOf(settings: SqlFeedSettings, { log }: SqlFeedServices): readonly RowObserver[] {
  const { history: hasHistory, views: hasViews, tablePrefix: prefix, schema } = settings;
  let views: Views | undefined;
  const history = hasHistory ? new History(log, async (trx, feed) => views?.changing(trx, feed)) : undefined;
  if (hasViews) views = new Views({ prefix, schema, log, historyOf: (table) => history?.historyOf(table) });
  const timers = hasViews ? new IncidentTimers({ prefix, schema }, log) : undefined;
  return [history, timers, views].filter((one) => one !== undefined);
}
