import { z } from 'zod';
import { readWorkspaces } from '../routing/parseWorkspaces.js';
import type { Workspaces } from '../routing/parseWorkspaces.js';
import { defined } from './connectionFields.js';
import { field } from './field.js';

/** The `[feeds]` section: which feeds run, and what all of them share. */
export const feedsSection = z.object({
  feed_names: field
    .list({ doc: 'Sections of the feeds to run, separated by commas.' })
    .refine((names) => names.length > 0, 'names no feed; accepted: section names separated by ","')
    .refine((names) => new Set(names).size === names.length, {
      error: (issue) => `names ${repeated(issue.input as string[])} twice; each feed needs a section of its own`,
    }),
  queue: field.text({ doc: 'Programmatic name of the message destination to read.' }).default('feed_data'),
  reload: field.flag({ doc: 'Load everything at every start, beside the queue.' }).default(false),
  reload_types: field.list({ doc: 'Types to load and to synchronize by API name; empty: all.' }).default([]),
  reload_query_api_method: field
    .flag({ doc: 'true: read each incident by its own requests; false: by search.' })
    .default(false),
  reload_page_size: field
    .integer({ min: 1, max: 1000, unit: 'incidents', doc: 'Incidents a reload asks for at once.' })
    .default(100),
  include_attachment_data: field
    .flag({ doc: 'Give attachment and file-artifact bytes to the feeds that write them.' })
    .default(false),
  workspaces: field
    .parsed<Workspaces>(readWorkspaces, {
      doc: 'Feeds by workspace; once set, a workspace that is not listed feeds nothing.',
      accepts: '"Default workspace": ["feed_one", "feed_two"], "Other": ["feed_one"]',
    })
    .optional(),
  target_packages: field.list({ doc: 'npm packages (names or paths) to look for targets in, first.' }).default([]),
  state_db: field.path({ doc: 'SQLite file of parked events and checkpoints.' }).default('soar-feed.db'),
  spill_after: field
    .duration({
      min: 1000,
      doc: 'A feed whose oldest event is older parks its further events, so that nobody waits for it.',
    })
    .default(30_000),
  // IBM's feeds 3.x: extra columns of time spent per field value.
  timeseries: field.choice(['never', 'onclose', 'always'], { doc: 'Not supported yet.' }).default('never'),
});

/** Keys of IBM's that need no answer here: threads are not how this host runs in parallel. */
export const IGNORED_FEEDS_KEYS: readonly string[] = ['parallel_execution', 'timeseries_fields'];

/** What all feeds share, as the code has it. */
export interface FeedsSettings {
  readonly feedNames: readonly string[];
  readonly queue: string;
  readonly reload: boolean;
  /** Empty: all types. */
  readonly reloadTypes: readonly string[];
  readonly reloadQueryApiMethod: boolean;
  readonly reloadPageSize: number;
  readonly includeAttachmentData: boolean;
  /** Absent: every event goes to every feed. */
  readonly workspaces?: Workspaces;
  /** As written: names, or paths relative to the config file. */
  readonly targetPackages: readonly string[];
  /** Absolute. */
  readonly stateDb: string;
  readonly spillAfterMs: number;
}

export function toFeedsSettings(section: z.output<typeof feedsSection>): FeedsSettings {
  return {
    feedNames: section.feed_names,
    queue: section.queue,
    reload: section.reload,
    reloadTypes: section.reload_types,
    reloadQueryApiMethod: section.reload_query_api_method,
    reloadPageSize: section.reload_page_size,
    includeAttachmentData: section.include_attachment_data,
    ...defined({ workspaces: section.workspaces }),
    targetPackages: section.target_packages,
    stateDb: section.state_db,
    spillAfterMs: section.spill_after,
  };
}

function repeated(names: readonly string[]): string {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].join(', ');
}
