import { ConfigError, readExclusions } from '@soar-feed/core';
import type { TargetCapabilities } from '@soar-feed/core';
import type { Destination } from '../database/ServerSettings.js';
import { readDestination } from './readDestination.js';
import type { SqlFeedSection } from './section.js';

/** The settings as the code uses them. */
export interface SqlFeedSettings {
  readonly destination: Destination;
  /** `''`: none. */
  readonly tablePrefix: string;
  readonly schema?: string;
  readonly onDelete: 'remove' | 'mark';
  readonly history: boolean;
  readonly views: boolean;
  readonly content: boolean;
  /** Bytes. */
  readonly maxContent: number;
  readonly indexes: readonly string[];
  readonly foreignKeys: boolean;
  /** Columns with ids beside those with labels. */
  readonly ids: boolean;
  /** A table with one row per value of a multiselect. */
  readonly linkTables: boolean;
  readonly batch: NonNullable<TargetCapabilities['batch']>;
  /** Reads which fields of incidents are not written; throws `ConfigError`. */
  readonly excluded?: () => Promise<(field: string) => boolean>;
}

/** Throws `ConfigError` for keys that do not go together; the section's schema has reported them before. */
export function toSettings(section: SqlFeedSection, name: string): SqlFeedSettings {
  const { place, problems } = readDestination(section);
  if (place === undefined) throw new ConfigError(problems.map((problem) => ({ section: name, ...problem })));
  const { exclude_incident_fields_file: exclusions, indexes } = section;
  const timeouts = { connectMs: section.connect_timeout, statementMs: section.statement_timeout };
  return {
    destination: { ...place, timeouts },
    tablePrefix: section.table_prefix ?? '',
    ...(section.schema === undefined ? {} : { schema: section.schema }),
    onDelete: section.on_delete,
    history: section.history,
    views: section.views,
    content: section.content,
    maxContent: section.max_content,
    indexes: indexes.some((one) => one.toLowerCase() === 'none') ? [] : indexes,
    foreignKeys: section.foreign_keys,
    ids: section.ids,
    linkTables: section.link_tables,
    batch: { maxEvents: section.batch_size, maxWaitMs: section.batch_wait },
    ...(exclusions === undefined ? {} : { excluded: () => readExclusions(exclusions, name) }),
  };
}
