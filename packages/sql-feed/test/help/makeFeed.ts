import { rawValues, validateSection } from '@soar-feed/core';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { makeSqlFeed, sqlFeedConfig, toSettings } from '../../src/index.js';
import type { SqlFeed, SqlFeedServices, SqlFeedSettings } from '../../src/index.js';

/** Settings from a section's text, as the host reads it. */
export function settingsOf(texts: Readonly<Record<string, string>>): SqlFeedSettings {
  const section = validateSection('sql_feed', rawValues(texts), sqlFeedConfig, { folder: '/' });
  if (!section.ok) throw new Error(section.issues.map(({ key, problem }) => `${key} ${problem}`).join('\n'));
  return toSettings(section.value, 'sql_feed');
}

export function makeFeed(texts: Readonly<Record<string, string>>, services: Partial<SqlFeedServices> = {}): SqlFeed {
  return makeSqlFeed(settingsOf(texts), { name: 'sql_feed', log: recordingLogger(), ...services });
}

export const context = () => ({ signal: new AbortController().signal });

export const delivery = (signal = new AbortController().signal) => ({ signal, attempt: 1, log: recordingLogger() });
