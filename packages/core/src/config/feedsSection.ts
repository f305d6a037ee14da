import { z } from 'zod';
import { readWorkspaces } from './parseWorkspaces.js';
import type { Workspaces } from './parseWorkspaces.js';
import { defined } from './connectionFields.js';
import { field, NOT_ACCEPTED } from './field.js';
import { toStateDatabase } from './stateDatabase.js';
import type { StateDatabase } from './stateDatabase.js';

/** The `[feeds]` section: which feeds run, and what all of them share. */
export const feedsSection = z.object({
  feed_names: field
    .list({ doc: 'Sections of the feeds to run, separated by commas.' })
    .refine((names) => names.length > 0, 'names no feed; accepted: section names separated by ","')
    .refine((names) => new Set(names).size === names.length, {
      error: (issue) => `names ${repeated(issue.input as string[])} twice; each feed needs a section of its own`,
    }),
  queue: field.text({ doc: 'Programmatic name of the message destination to read.' }).default('feed_data'),
  reload: field
    .parsed(readReloadMode, {
      accepts: 'true (everything), changed (since the last complete reload) or false; also yes/no, on/off, 1/0',
      doc: 'What to load at every start, beside the queue; an interrupted reload is continued.',
    })
    .default(false),
  reload_every: field
    .duration({
      min: 60_000,
      doc: 'Load everything again, in the background, this long after the last time; absent: never.',
    })
    .optional(),
  reload_overlap: field
    .duration({ doc: 'reload=changed looks back this much further than the last complete reload: clocks differ.' })
    .default(600_000),
  reload_changed_children: field
    .flag({
      doc: 'reload=changed reads the objects of all incidents by search, for platforms where a change of an object leaves the date of its incident alone.',
    })
    .default(false),
  reload_types: field.list({ doc: 'Types to load and to synchronize by API name; empty: all.' }).default([]),
  reload_query_api_method: field
    .flag({ doc: 'true: read each incident by its own requests; false: by search.' })
    .default(false),
  reload_page_size: field
    .integer({ min: 1, max: 1000, unit: 'incidents', doc: 'Incidents a reload asks for at once.' })
    .default(100),
  reconcile_deletes: field
    .flag({
      doc: 'A reload of everything also finds what was deleted unseen: incidents, and by the query method their objects too.',
    })
    .default(true),
  reconcile_max_deletes: field
    .integer({
      min: 0,
      unit: 'deletions',
      doc: 'If more than this is gone, a reload deletes nothing: a person runs soar-feed reload --allow-deletes N. An incident counts as one.',
    })
    .default(100),
  include_attachment_data: field
    .flag({ doc: 'Give attachment and file-artifact bytes to the feeds that write them.' })
    .default(false),
  emails: field
    .flag({
      doc: 'Feed the e-mail messages of incidents, too, as objects of the type emailmessage. A replica takes them where its own emails says so.',
    })
    .default(false),
  workspaces: field
    .parsed<Workspaces>(readWorkspaces, {
      doc: 'Feeds by workspace; once set, a workspace that is not listed feeds nothing.',
      accepts: '"Default workspace": ["feed_one", "feed_two"], "Other": ["feed_one"]',
    })
    .optional(),
  target_packages: field.list({ doc: 'npm packages (names or paths) to look for targets in, first.' }).default([]),
  state_db: field
    .pathOrUrl({
      protocols: ['postgresql', 'postgres'],
      doc: 'Where parked events, outcomes and checkpoints are kept: an SQLite file, or a PostgreSQL database (its schema by ?schema=).',
    })
    .default('soar-feed.db'),
  state_db_synchronous: field
    .choice(['FULL', 'NORMAL'], {
      doc: 'SQLite only. FULL: a commit survives a power cut; NORMAL: faster, and a power cut may take the last commits.',
    })
    .default('FULL'),
  state_db_connect_timeout: field
    .duration({ min: 100, max: 600_000, doc: 'PostgreSQL only: how long a new connection may take.' })
    .default(5_000),
  state_db_timeout: field
    .duration({
      min: 100,
      max: 600_000,
      doc: 'PostgreSQL only: how long a statement may take before the server counts as away.',
    })
    .default(10_000),
  keep_outcomes: field
    .duration({ doc: 'How long the state remembers what became of every single event; 0: not at all.' })
    .default(7 * 86_400_000),
  status_port: field
    .integer({
      min: 1,
      max: 65_535,
      doc: 'Serve /healthz, /metrics, /status and /page on this port of 127.0.0.1; absent: not at all.',
    })
    .optional(),
  page: field
    .flag({ doc: 'Serve the page for operators on that port, too: /page. Changes need the token of "soar-feed page".' })
    .default(true),
  status_hosts: field
    .list({ doc: 'Further names under which that port answers; always: localhost and 127.0.0.1.' })
    .default([]),
  otlp_endpoint: field
    .url({
      doc: 'Send OpenTelemetry traces there (OTLP over HTTP), as http://localhost:4318; absent: as OTEL_EXPORTER_OTLP_ENDPOINT says.',
    })
    .optional(),
  spill_after: field
    .duration({
      min: 1000,
      doc: 'A feed whose oldest event is older parks its further events, so that nobody waits for it.',
    })
    .default(30_000),
  timeseries: field
    .choice(['never', 'onclose', 'always'], {
      doc: 'Adds how many seconds each tracked field of an incident has had each of its values, as columns timeseries__<field>__<value>: never, of closed incidents, or always.',
    })
    .default('never'),
  timeseries_fields: field
    .list({ doc: 'The fields that timeseries adds, by API name; * and ? are wildcards.' })
    .default(['*']),
});

/** What a start loads: everything, or only incidents that changed since the last complete reload. */
export type ReloadMode = 'full' | 'changed' | false;

function readReloadMode(text: string): ReloadMode {
  if (text.toLowerCase() === 'changed') return 'changed';
  const flag = field.flag().safeParse(text);
  if (!flag.success) throw new Error(NOT_ACCEPTED);
  return flag.data ? 'full' : false;
}

/** Keys of IBM's that need no answer here: this host does not use threads to run in parallel. */
export const IGNORED_FEEDS_KEYS: readonly string[] = ['parallel_execution'];

/** What all feeds share, as the code uses it. */
export interface FeedsSettings {
  readonly feedNames: readonly string[];
  readonly queue: string;
  readonly reload: ReloadMode;
  /** Absent: no scheduled reloads. */
  readonly reloadEveryMs?: number;
  readonly reloadOverlapMs: number;
  readonly reloadChangedChildren: boolean;
  /** Empty: all types. */
  readonly reloadTypes: readonly string[];
  readonly reloadQueryApiMethod: boolean;
  readonly reloadPageSize: number;
  readonly reconcileDeletes: boolean;
  readonly reconcileMaxDeletes: number;
  readonly includeAttachmentData: boolean;
  /** E-mail messages are fed, too. */
  readonly emails: boolean;
  /** Absent: every event goes to every feed. */
  readonly workspaces?: Workspaces;
  /** As written: names, or paths relative to the config file. */
  readonly targetPackages: readonly string[];
  readonly stateDb: StateDatabase;
  /** 0: outcomes of single events are not kept. */
  readonly keepOutcomesMs: number;
  /** Absent: no status over HTTP. */
  readonly statusPort?: number;
  /** Whether that port also serves the page for operators. */
  readonly page: boolean;
  /** Names in a `Host` header that the port answers to, beside this machine's own. */
  readonly statusHosts: readonly string[];
  /** Absent: traces go where the standard variables say, or nowhere. */
  readonly otlpEndpoint?: string;
  readonly spillAfterMs: number;
  readonly timeSeries: TimeSeriesSettings;
}

/** Which incidents get their time series, and of which fields. */
export interface TimeSeriesSettings {
  readonly of: 'never' | 'onclose' | 'always';
  /** API names, with wildcards. */
  readonly fields: readonly string[];
}

export function toFeedsSettings(section: z.output<typeof feedsSection>): FeedsSettings {
  return {
    feedNames: section.feed_names,
    queue: section.queue,
    reload: section.reload,
    ...defined({ reloadEveryMs: section.reload_every }),
    reloadOverlapMs: section.reload_overlap,
    reloadChangedChildren: section.reload_changed_children,
    reloadTypes: section.reload_types,
    reloadQueryApiMethod: section.reload_query_api_method,
    reloadPageSize: section.reload_page_size,
    reconcileDeletes: section.reconcile_deletes,
    reconcileMaxDeletes: section.reconcile_max_deletes,
    includeAttachmentData: section.include_attachment_data,
    emails: section.emails,
    ...defined({ workspaces: section.workspaces }),
    targetPackages: section.target_packages,
    stateDb: toStateDatabase(section.state_db, {
      synchronous: section.state_db_synchronous,
      connectTimeoutMs: section.state_db_connect_timeout,
      statementTimeoutMs: section.state_db_timeout,
    }),
    keepOutcomesMs: section.keep_outcomes,
    ...defined({ statusPort: section.status_port }),
    page: section.page,
    statusHosts: section.status_hosts,
    ...defined({ otlpEndpoint: section.otlp_endpoint }),
    spillAfterMs: section.spill_after,
    timeSeries: { of: section.timeseries, fields: section.timeseries_fields },
  };
}

function repeated(names: readonly string[]): string {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].join(', ');
}
