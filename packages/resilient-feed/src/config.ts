import { connectionFields, field, toConnection, uncheckedServer, withConnectionRules, z } from '@soar-feed/core';
import type { SoarClient } from '@soar-feed/soar-client';
import type { DatabaseConfig } from '@soar-feed/store';
import type { Criteria } from './filter/Criteria.js';
import type { Emails } from './fields/emailTypes.js';
import { ExcludedFields } from './fields/ExcludedFields.js';
import { parseCriteria } from './filter/parseCriteria.js';
import { parseOdbc } from './mapping/parseOdbc.js';

const MAPPING_RULE = {
  holds: (given: Given) => given.sqlite_sync_file !== undefined || given.postgresql_connect !== undefined,
  problem:
    'is missing, and so is postgresql_connect; name the SQLite file that keeps which target object belongs to which source object',
};

type Given = Readonly<Partial<Record<'sqlite_sync_file' | 'postgresql_connect', unknown>>>;

/** The section of a feed with `class=ResilientFeed`: IBM's keys, spelled as IBM does, and our own. */
export const resilientFeedConfig = withConnectionRules(
  z.object({
    ...connectionFields,
    sqlite_sync_file: field
      .path({
        alias: 'db_sync_file',
        doc: 'SQLite file of the mapping; a file of IBM’s feed is taken over.',
        ownPer: ['host', 'org'],
      })
      .optional(),
    postgresql_connect: field
      .parsed(parseOdbc, {
        accepts: 'an ODBC connection string, such as Driver={PostgreSQL};Server=127.0.0.1;DB=feed;Port=5432',
        doc: 'PostgreSQL database of the mapping, as IBM writes it; used only if sqlite_sync_file is not set.',
        ownPer: ['host', 'org'],
        unchecked: (value) => uncheckedOf(value as ReturnType<typeof parseOdbc>),
      })
      .optional(),
    postgresql_uid: field.text({ doc: 'User of postgresql_connect.' }).optional(),
    postgresql_pwd: field.secret({ doc: 'Password of postgresql_connect.' }).optional(),
    postgresql_connect_timeout: field
      .duration({ min: 100, max: 600_000, doc: 'How long a new connection of postgresql_connect may take.' })
      .default(5_000),
    postgresql_timeout: field
      .duration({
        min: 100,
        max: 600_000,
        doc: 'How long a statement of postgresql_connect may take before the server counts as away.',
      })
      .default(10_000),
    matching_incident_fields: field
      .parsed((text) => parseCriteria(text, 'all'), {
        accepts: '`field operator value` clauses separated by ;',
        doc: 'Only incidents that match are fed, with all their objects; default: every incident.',
      })
      .optional(),
    matching_operator: field
      .choice(['all', 'any'], { doc: 'Whether every clause of matching_incident_fields must hold, or one.' })
      .default('all'),
    exclude_incident_fields: field
      .parsed((text) => new ExcludedFields(text), {
        accepts: 'names, sections or section.field separated by ;, with shell wildcards',
        doc: 'Incident fields to leave out.',
      })
      .optional(),
    sync_reference_fields: field
      .flag({ doc: 'Fill df_org_id, df_inc_id, df_host and df_create_date in the target, where it has them.' })
      .default(true),
    delete_incidents: field
      .flag({ doc: 'Delete the target incident when the source’s is deleted; otherwise it stays as it was.' })
      .default(false),
    keep_author: field
      .flag({ doc: 'Begin each note with who wrote it and when: the target shows the feed’s account as author.' })
      .default(false),
    emails: field
      .choice(['none', 'notes', 'attachments'], {
        doc: 'What the e-mail messages of an incident become in the target: each a note, or an .eml file; needs [feeds] emails=true.',
      })
      .default('none'),
    create_settle: field
      .duration({ doc: 'After a create without an answer, how long to look for its object before creating again.' })
      .default(60_000),
    max_concurrency: field
      .integer({
        min: 1,
        max: 256,
        unit: 'requests',
        doc: 'With concurrency=auto: the most requests to the server at once. Of several feeds to one server, the lowest counts.',
      })
      .default(64),
    max_requests_per_second: field
      .integer({
        min: 1,
        max: 10_000,
        unit: 'requests',
        doc: 'The most requests to the server per second, evenly spaced; absent: as many as it takes. Of several feeds to one server, the lowest counts.',
      })
      .optional(),
    bundle_creates: field
      .flag({
        doc: 'Send notes and artifacts inside the create of their incident; off by itself where the target does not take them there.',
      })
      .default(true),
    on_unmatch: field
      .choice(['freeze', 'close', 'delete'], {
        doc: 'What happens to the target incident when its source incident no longer matches: freeze leaves it as it was.',
      })
      .default('freeze'),
    on_target_missing: field
      .choice(['recreate', 'park', 'skip'], { doc: 'What to do with an object that somebody deleted in the target.' })
      .default('recreate'),
  }),
).refine((value) => MAPPING_RULE.holds(value), {
  path: ['sqlite_sync_file'],
  error: MAPPING_RULE.problem,
  when: () => true,
});

function uncheckedOf({ host, tls = {} }: ReturnType<typeof parseOdbc>): string | undefined {
  return uncheckedServer({ host, ...tls });
}

export type ResilientFeedSection = z.output<typeof resilientFeedConfig>;

/** The settings as the code uses them. */
export interface ResilientFeedSettings {
  readonly connection: Parameters<typeof SoarClient.connect>[0];
  readonly mapping: DatabaseConfig;
  readonly criteria: Criteria;
  readonly exclude: ExcludedFields;
  readonly syncReferenceFields: boolean;
  readonly deleteIncidents: boolean;
  readonly keepAuthor: boolean;
  readonly emails: Emails;
  readonly createSettleMs: number;
  readonly bundleCreates: boolean;
  /** Requests to the server at once, where how many it bears is found out. */
  readonly maxConcurrency: number;
  readonly maxRequestsPerSecond?: number;
  readonly onUnmatch: 'freeze' | 'close' | 'delete';
  readonly onTargetMissing: 'recreate' | 'park' | 'skip';
}

export function toSettings(section: ResilientFeedSection): ResilientFeedSettings {
  const { clauses, notes } = section.matching_incident_fields ?? { clauses: [], notes: [] };
  return {
    connection: toConnection(section),
    mapping: mappingOf(section),
    criteria: { combine: section.matching_operator, clauses, notes },
    exclude: section.exclude_incident_fields ?? ExcludedFields.none,
    syncReferenceFields: section.sync_reference_fields,
    deleteIncidents: section.delete_incidents,
    keepAuthor: section.keep_author,
    emails: section.emails,
    createSettleMs: section.create_settle,
    bundleCreates: section.bundle_creates,
    maxConcurrency: section.max_concurrency,
    ...(section.max_requests_per_second === undefined ? {} : { maxRequestsPerSecond: section.max_requests_per_second }),
    onUnmatch: section.on_unmatch,
    onTargetMissing: section.on_target_missing,
  };
}

/** A file wins over a server, as with IBM's feed. */
function mappingOf(section: ResilientFeedSection): DatabaseConfig {
  const { sqlite_sync_file: file, postgresql_connect: server } = section;
  if (file !== undefined || server === undefined) return { client: 'sqlite', file: file ?? '' };
  const { postgresql_uid: user = server.user, postgresql_pwd: password } = section;
  const login = { ...(user === undefined ? {} : { user }), ...(password === undefined ? {} : { password }) };
  return {
    client: 'postgres',
    connection: { ...server, ...login },
    connectTimeoutMs: section.postgresql_connect_timeout,
    statementTimeoutMs: section.postgresql_timeout,
  };
}
