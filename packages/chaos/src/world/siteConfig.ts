import type { OrgOptions, Simulator } from '@soar-feed/soar-simulator';
import type { Login, SitePlan } from '../plan/Plan.js';

/** How long an unanswered create may still take effect, ms: longer than any fault delays one. */
const CREATE_SETTLE_MS = 4_000;

/** ms. Some faults take longer: the client gives up, and the server goes on. */
export const REQUEST_TIMEOUT_MS = 2_000;

/** The database of the SQL feed. */
export const ROWS_FILE = 'objects.sqlite3';

/**
 * The `app.config` of a run. Times are short, so that a run is short; attempts are many, so that an event fails only if
 * the target refuses it for good.
 */
export function siteConfig(
  simulator: Simulator,
  orgs: { source: OrgOptions; target: OrgOptions },
  site: SitePlan,
): string {
  const rest = [
    `host=${simulator.host}`,
    `port=${simulator.restPort}`,
    `cafile=${simulator.caFile}`,
    `request_timeout=${REQUEST_TIMEOUT_MS}ms`,
    `request_max_retries=${site.requestMaxRetries}`,
    'request_retry_delay=100ms',
  ];
  return [
    '[resilient]',
    ...rest,
    ...loginAs(orgs.source, site.sourceLogin),
    `stomp_port=${simulator.stompPort}`,
    `stomp_prefetch_limit=${site.prefetch}`,
    '[feeds]',
    `feed_names=${feedsOf(site).join(',')}`,
    'state_db=state.db',
    `reload=${site.reload}`,
    `reload_query_api_method=${site.queryMethod}`,
    // A restored source may have lost every object, and no person is there to confirm the deletes.
    'reconcile_max_deletes=10000',
    ...(site.statusPort === undefined ? [] : [`status_port=${site.statusPort}`]),
    `spill_after=${site.spillAfterMs}ms`,
    '[resilient_feed]',
    'class=ResilientFeed',
    ...rest,
    ...loginAs(orgs.target, site.targetLogin),
    'sqlite_sync_file=sync.sqlite3',
    `sync_reference_fields=${site.references}`,
    'delete_incidents=true',
    `bundle_creates=${site.bundleCreates ?? true}`,
    `create_settle=${CREATE_SETTLE_MS}ms`,
    `concurrency=${site.concurrency}`,
    'max_attempts=50',
    ...(site.fileFeed ? ['[file_feed]', 'class=FileFeed', 'directory=files', 'max_attempts=50'] : []),
    ...(site.sqlFeed ? ['[sql_feed]', 'class=SQLiteFeed', `file_name=${ROWS_FILE}`, 'max_attempts=50'] : []),
    '',
  ].join('\n');
}

/** The names of a site's feeds. */
export function feedsOf({ fileFeed, sqlFeed }: SitePlan): readonly string[] {
  return ['resilient_feed', ...(fileFeed ? ['file_feed'] : []), ...(sqlFeed ? ['sql_feed'] : [])];
}

function loginAs({ id, name, users }: OrgOptions, login: Login): readonly string[] {
  const [user] = users ?? [];
  if (login === 'email') return [`org=${name}`, `email=${user?.email ?? ''}`, `password=${user?.password ?? ''}`];
  return [`org=${name}`, `api_key_id=key-${id}`, `api_key_secret=secret-${id}`];
}
