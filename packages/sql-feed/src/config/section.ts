import { field, uncheckedServer, z } from '@soar-feed/core';
import { parseOdbc } from './parseOdbc.js';
import { readDestination } from './readDestination.js';
import type { DestinationKeys } from './readDestination.js';
import { URL_PROTOCOLS } from './readUrl.js';

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

const keys = z.object({
  class: field.text({ doc: 'SQLiteFeed, ODBCFeed, or sql for either.' }).optional(),
  file_name: field
    .path({
      doc: 'SQLite: the file; made when it is missing, and one that IBM’s feed made is continued.',
      ownPer: ['table_prefix', 'schema', 'odbc_connect', 'url'],
    })
    .default('objects.sqlite3'),
  url: field
    .url({
      protocols: URL_PROTOCOLS,
      doc: 'A server: postgresql://, mysql://, mariadb://, mssql:// or oracle://host:port/database, with ?sslmode= and ?sslrootcert=.',
      ownPer: ['table_prefix', 'schema'],
      unchecked: (value) => uncheckedOf({ url: value as string }),
    })
    .optional(),
  odbc_connect: field
    .parsed(parseOdbc, {
      accepts: 'an ODBC connection string, such as Driver={PostgreSQL};Server=127.0.0.1;DB=soar;Port=5432',
      doc: 'A server, as IBM’s ODBC feed names it; for Oracle a service name, TNS alias or descriptor.',
      ownPer: ['table_prefix', 'schema'],
      unchecked: (value) => uncheckedOf({ odbc_connect: value as ReturnType<typeof parseOdbc> }),
    })
    .optional(),
  sql_dialect: field
    .text({
      doc: 'With odbc_connect: PostgreSQL96Dialect, MariaDBDialect, MySQLDialect, SQLServerDialect or OracleDialect.',
    })
    .optional(),
  uid: field.text({ doc: 'User of the server.' }).optional(),
  pwd: field.secret({ doc: 'Password of the user.' }).optional(),
  schema: field
    .text({ pattern: NAME, accepts: 'a name of letters, digits and _', doc: 'Schema of the tables; it must exist.' })
    .optional(),
  table_prefix: field
    .text({
      pattern: /^[A-Za-z_][A-Za-z0-9_]{0,29}$/,
      accepts: 'up to 30 letters, digits and _',
      doc: 'Put before the name of every table.',
    })
    .optional(),
  on_delete: field
    .choice(['remove', 'mark'], { doc: 'remove: rows go with their object; mark: they stay, with deleted_at set.' })
    .default('remove'),
  history: field
    .flag({
      doc: 'Keep every version of every object in tables of their own, <table>_history, beside the current ones.',
    })
    .default(false),
  views: field
    .flag({
      doc: 'Make views with plain names for business intelligence (bi_open_incidents, …); with history, also the time in each status and phase.',
    })
    .default(false),
  content: field
    .flag({ doc: 'Write the bytes of attachments and file artifacts (needs include_attachment_data).' })
    .default(true),
  max_content: field.bytes({ doc: 'Larger files are refused; such an object is parked.' }).default(25 * 1024 * 1024),
  exclude_incident_fields_file: field
    .path({ doc: 'File with fields of incidents that are not written: one name or pattern with * and ? per line.' })
    .optional(),
  indexes: field
    .list({ doc: 'Fields whose columns get an index, in every table that has them; none: no index.' })
    .default(['inc_id', 'task_id', 'create_date', 'plan_status', 'owner_id']),
  foreign_keys: field
    .flag({ doc: 'inc_id and task_id refer to the tables of incidents and tasks; what comes before its parent waits.' })
    .default(false),
  ids: field
    .flag({ doc: 'Beside each column with labels, one with their ids (severity_code__id): labels get renamed.' })
    .default(false),
  link_tables: field
    .flag({ doc: 'Table soar_feed_choices: one row per value of a multiselect, to join and count by.' })
    .default(false),
  batch_size: field
    .integer({ min: 1, max: 5_000, unit: 'objects', doc: 'Most objects in one transaction.' })
    .default(500),
  batch_wait: field.duration({ max: 10_000, doc: 'How long a batch that is not full waits for more.' }).default(50),
  connect_timeout: field
    .duration({ min: 100, max: 600_000, doc: 'How long a new connection may take.' })
    .default(10_000),
  statement_timeout: field
    .duration({
      min: 100,
      max: 600_000,
      doc: 'How long a statement may take before the server counts as away.',
    })
    .default(30_000),
});

/** The section of a feed with `class=sql`, `ODBCFeed` or `SQLiteFeed`: IBM's keys, and our own. */
export const sqlFeedConfig = ['url', 'odbc_connect', 'sql_dialect', 'schema'].reduce(
  (schema, key) =>
    schema.refine((section) => problemsAt(section, key) === undefined, {
      path: [key],
      error: (issue) => problemsAt(issue.input, key) ?? '',
      when: () => true,
    }),
  keys,
);

export type SqlFeedSection = z.output<typeof keys>;

function problemsAt(section: unknown, key: string): string | undefined {
  const { problems } = readDestination(section as DestinationKeys);
  const found = problems.filter((one) => one.key === key).map(({ problem }) => problem);
  return found.length === 0 ? undefined : found.join('; ');
}

/** SQL Server is checked unless the file says otherwise; what Oracle's driver does is not known here. */
function uncheckedOf(given: DestinationKeys): string | undefined {
  const { place } = readDestination(given);
  if (place === undefined || (place.engine !== 'postgres' && place.engine !== 'mysql')) return undefined;
  return uncheckedServer({ host: place.host, ...place.tls });
}
