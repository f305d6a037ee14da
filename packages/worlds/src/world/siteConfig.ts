import type { OrgOptions } from '@soar-feed/soar-simulator';
import type { Login, Site } from '../plan/Story.js';
import { ROUTES, UNMATCHED } from './changeHands.js';

/** How long an unanswered create may still take effect, ms: longer than any fault delays one. */
export const CREATE_SETTLE_MS = 20_000;

/** Some faults take longer: the client gives up, and the server goes on. ms. */
export const REQUEST_TIMEOUT_MS = 5_000;

/** Both organizations are on it. */
export const SERVER = 'soar.example.com';

/** Of the same server. */
export const OTHER_NAME = 'soar-internal.example.net';

/** A value of this field must never leave the source. */
export const EXCLUDED_FIELD = 'ticket_ref';

/** The `app.config` of a world. Attempts are many, so that an event fails only if the target refuses it for good. */
export function siteConfig(
  { source, target }: { source: OrgOptions; target: OrgOptions },
  site: Site,
  server: string = SERVER,
): string {
  const rest = [
    `host=${server}`,
    `request_timeout=${REQUEST_TIMEOUT_MS}ms`,
    `request_max_retries=${site.requestMaxRetries}`,
    'request_retry_delay=100ms',
  ];
  return [
    '[resilient]',
    ...rest,
    ...loginAs(source, site.login),
    `stomp_prefetch_limit=${site.prefetch}`,
    '[feeds]',
    `feed_names=${['resilient_feed', ...(site.fileFeed ? ['file_feed'] : [])].join(',')}`,
    'state_db=state.db',
    `reload=${site.reload}`,
    `reload_query_api_method=${site.queryMethod}`,
    // A restored source may have lost every object, and no person is there to confirm the deletes.
    'reconcile_max_deletes=10000',
    `spill_after=${site.spillAfterMs}ms`,
    ...(site.routed === true ? [`workspaces=${routes()}`] : []),
    '[resilient_feed]',
    'class=ResilientFeed',
    ...rest,
    ...loginAs(target, site.login),
    'sqlite_sync_file=sync.sqlite3',
    `sync_reference_fields=${site.references}`,
    'delete_incidents=true',
    `exclude_incident_fields=${EXCLUDED_FIELD}`,
    `bundle_creates=${site.bundleCreates ?? true}`,
    `create_settle=${CREATE_SETTLE_MS}ms`,
    `concurrency=${site.concurrency}`,
    ...(site.requestsPerSecond === undefined ? [] : [`max_requests_per_second=${site.requestsPerSecond}`]),
    ...(site.quiet === true ? ['quiet_hours=00:00-24:00'] : []),
    ...(site.filtered === true ? [`matching_incident_fields=risk_level != ${UNMATCHED}`, 'on_unmatch=delete'] : []),
    'max_attempts=200',
    ...(site.fileFeed ? ['[file_feed]', 'class=FileFeed', 'directory=files', 'max_attempts=200'] : []),
    '',
  ].join('\n');
}

/** The secret of an API key; no log and no file may show it. */
export const secretOf = ({ id }: OrgOptions): string => `secret-${id}`;

const routes = (): string =>
  Object.entries(ROUTES)
    .map(([workspace, feeds]) => `${JSON.stringify(workspace)}: ${JSON.stringify(feeds)}`)
    .join(', ');

function loginAs({ id, name, users }: OrgOptions, login: Login): readonly string[] {
  const [user] = users ?? [];
  if (login === 'email') return [`org=${name}`, `email=${user?.email ?? ''}`, `password=${user?.password ?? ''}`];
  return [`org=${name}`, `api_key_id=key-${id}`, `api_key_secret=secret-${id}`];
}
