import { connectionFields, field, toConnection, withConnectionRules, z } from '@soar-feed/core';
import type { SoarClient } from '@soar-feed/soar-client';
import type { Criteria } from './filter/Criteria.js';
import { ExcludedFields } from './filter/ExcludedFields.js';
import { parseCriteria } from './filter/parseCriteria.js';

const MAPPING_RULES = [
  {
    holds: (given: Given) => given.sqlite_sync_file !== undefined || given.postgresql_connect !== undefined,
    problem: 'is missing; name the SQLite file that keeps which target object belongs to which source object',
  },
  {
    holds: (given: Given) => given.sqlite_sync_file !== undefined || given.postgresql_connect === undefined,
    problem: 'is missing, and a mapping in PostgreSQL (postgresql_connect) is not available yet; name a SQLite file',
  },
];

type Given = Readonly<Partial<Record<'sqlite_sync_file' | 'postgresql_connect', unknown>>>;

/** The section of a feed with `class=ResilientFeed`: IBM's keys as IBM spells them, and ours. */
export const resilientFeedConfig = MAPPING_RULES.reduce(
  (schema, { holds, problem }) =>
    schema.refine((value) => holds(value), { path: ['sqlite_sync_file'], error: problem, when: () => true }),
  withConnectionRules(
    z.object({
      ...connectionFields,
      sqlite_sync_file: field
        .path({ alias: 'db_sync_file', doc: 'SQLite file of the mapping; one made by IBM’s feed is continued.' })
        .optional(),
      postgresql_connect: field.text({ doc: 'Mapping in PostgreSQL, as IBM writes it; not available yet.' }).optional(),
      postgresql_uid: field.text({ doc: 'User of postgresql_connect.' }).optional(),
      postgresql_pwd: field.secret({ doc: 'Password of postgresql_connect.' }).optional(),
      matching_incident_fields: field
        .parsed((text) => parseCriteria(text, 'all'), {
          accepts: '`field operator value` clauses separated by ;',
          doc: 'Only incidents that match are fed, with all they hold; default: every incident.',
        })
        .optional(),
      matching_operator: field
        .choice(['all', 'any'], { doc: 'Whether every clause of matching_incident_fields must hold, or one.' })
        .default('all'),
      exclude_incident_fields: field
        .parsed((text) => new ExcludedFields(text), {
          accepts: 'names, sections or section.field separated by ;, with shell wildcards',
          doc: 'Incident fields that are not fed.',
        })
        .optional(),
      sync_reference_fields: field
        .flag({ doc: 'Fill df_org_id, df_inc_id, df_host and df_create_date in the target, where it has them.' })
        .default(false),
      delete_incidents: field
        .flag({ doc: 'Delete the target incident when the source’s is deleted; otherwise it stays as it was.' })
        .default(false),
      keep_author: field
        .flag({ doc: 'Begin each note with who wrote it and when: the target shows the feed’s account as author.' })
        .default(false),
      create_settle: field
        .duration({ doc: 'After a create without an answer, how long to look for its object before creating again.' })
        .default(60_000),
      on_unmatch: field
        .parsed(readOnUnmatch, {
          accepts: 'freeze',
          doc: 'What becomes of a target incident whose source no longer matches: freeze leaves it as it was.',
        })
        .default('freeze'),
      on_target_missing: field
        .choice(['recreate', 'park', 'skip'], { doc: 'What to do with an object that somebody deleted in the target.' })
        .default('recreate'),
    }),
  ),
);

export type ResilientFeedSection = z.output<typeof resilientFeedConfig>;

/** The section in the code's own terms. */
export interface ResilientFeedSettings {
  readonly connection: Parameters<typeof SoarClient.connect>[0];
  readonly mappingFile: string;
  readonly criteria: Criteria;
  readonly exclude: ExcludedFields;
  readonly syncReferenceFields: boolean;
  readonly deleteIncidents: boolean;
  readonly keepAuthor: boolean;
  readonly createSettleMs: number;
  readonly onUnmatch: 'freeze';
  readonly onTargetMissing: 'recreate' | 'park' | 'skip';
}

export function toSettings(section: ResilientFeedSection): ResilientFeedSettings {
  const { clauses, notes } = section.matching_incident_fields ?? { clauses: [], notes: [] };
  return {
    connection: toConnection(section),
    mappingFile: section.sqlite_sync_file ?? '',
    criteria: { combine: section.matching_operator, clauses, notes },
    exclude: section.exclude_incident_fields ?? ExcludedFields.none,
    syncReferenceFields: section.sync_reference_fields,
    deleteIncidents: section.delete_incidents,
    keepAuthor: section.keep_author,
    createSettleMs: section.create_settle,
    onUnmatch: section.on_unmatch,
    onTargetMissing: section.on_target_missing,
  };
}

/** Throws where the word is planned or unknown, so that nobody believes it to work. */
function readOnUnmatch(text: string): 'freeze' {
  const word = text.toLowerCase();
  if (word === 'freeze') return 'freeze';
  if (word === 'close' || word === 'delete') throw new Error(`${word} is not available yet; accepted: freeze`);
  throw new Error(`found "${text}"; accepted: freeze`);
}
