import { ChoiceTable } from './choices/ChoiceTable.js';
import type { SqlFeedSettings } from './config/toSettings.js';
import { SqlFeed } from './SqlFeed.js';
import type { SqlFeedServices } from './SqlFeedServices.js';

/** The feed with all that its settings ask to be kept beside the current tables. */
export function makeSqlFeed(settings: SqlFeedSettings, services: SqlFeedServices): SqlFeed {
  const observers = [...(settings.linkTables ? [new ChoiceTable()] : []), ...(services.observers ?? [])];
  return new SqlFeed(settings, { ...services, observers });
}
