import type { z } from 'zod';
import { viewField } from '../config/fieldFacts.js';
import { uncheckedUrl } from '../config/uncheckedServer.js';
import type { ConfigIssue } from '../contract/errors.js';
import type { PreparedHost } from './PreparedHost.js';

/** Database servers whose certificate is not checked: reported at start, by `check` and by `status`. */
export function uncheckedServers({ config, feeds }: Pick<PreparedHost, 'config' | 'feeds'>): readonly ConfigIssue[] {
  const { stateDb } = config.feeds;
  const state = stateDb.client === 'postgres' ? uncheckedUrl(stateDb.connection) : undefined;
  const ofFeeds = feeds.flatMap(({ section, definition, config: values }) =>
    Object.entries(definition.config.shape ?? {}).flatMap(([key, type]) => {
      const value = (values as Readonly<Record<string, unknown>>)[key];
      const why = value === undefined ? undefined : viewField(type as z.core.$ZodType).facts?.unchecked?.(value);
      return why === undefined ? [] : [{ section: section.name, key, problem: why }];
    }),
  );
  return [...(state === undefined ? [] : [{ section: 'feeds', key: 'state_db', problem: state }]), ...ofFeeds];
}
