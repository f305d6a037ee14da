import { field, z } from '@soar-feed/core';

const CHECKS_NOBODY =
  'is false, so nobody checks who answers, and whoever stands between can read and change everything; name the PEM file of the authority instead';
const IN_CLEAR =
  'is false, so the token and every event go unencrypted, and whoever stands between can read and change them; set use_ssl=true';

/** Rules that need more than one key. They also run when a key is faulty, so that one report holds everything. */
const RULES: readonly { readonly key: string; readonly problem: string; holds(given: Given): boolean }[] = [
  {
    key: 'client_auth_key',
    problem: 'is missing beside client_auth_cert; set both or neither',
    holds: (s) => s.client_auth_cert === undefined || s.client_auth_key !== undefined,
  },
  {
    key: 'client_auth_cert',
    problem: 'is missing beside client_auth_key; set both or neither',
    holds: (s) => s.client_auth_key === undefined || s.client_auth_cert !== undefined,
  },
];

type Given = Readonly<Partial<Record<'client_auth_cert' | 'client_auth_key', unknown>>>;

/** The section of a feed with `class=SplunkHECFeed`: IBM's keys, spelled as IBM does, and our own. */
export const splunkFeedConfig = withRules(
  z.object({
    token: field.secret({ doc: 'Token of the HTTP Event Collector.' }),
    host: field.text({
      doc: 'Server name of Splunk.',
      pattern: /^(?:[\w.-]+|\[[0-9a-fA-F:.]+\])$/,
      accepts: 'a host name without scheme, port or path',
    }),
    port: field.integer({ min: 1, max: 65_535, doc: 'Port of the collector.' }).default(8088),
    use_ssl: field
      .flag({
        doc: 'https; the certificate is verified.',
        unchecked: (value) => (value === false ? IN_CLEAR : undefined),
      })
      .default(false),
    index: field.text({ doc: 'Index of the events; the token must allow it. Default: the token’s own.' }).optional(),
    event_host: field.text({ doc: 'Splunk’s `host` of the events; default: the name of this machine.' }).optional(),
    event_source: field.text({ doc: 'Splunk’s `source` of the events.' }).optional(),
    event_source_type: field
      .text({
        doc: 'Without effect, as in IBM’s feed: the sourcetype is the type of the object, after sourcetype_prefix.',
      })
      .optional(),
    sourcetype_prefix: field
      .text({ doc: 'Begins every sourcetype: soar: gives soar:incident.', emptyIsValue: true })
      .default(''),
    exclude_incident_fields_file: field
      .path({ doc: 'File of the incident fields that are not fed: a name or a pattern with * and ? on each line.' })
      .optional(),
    http_proxy: field.url({ doc: 'Proxy where use_ssl is false.' }).optional(),
    https_proxy: field.url({ doc: 'Proxy where use_ssl is true.' }).optional(),
    user: field.text({ doc: 'Without effect, as in IBM’s feed.' }).optional(),
    password: field.secret({ doc: 'Without effect, as in IBM’s feed.' }).optional(),
    cafile: field
      .pathOrFalse({
        doc: 'PEM file of the authorities to trust; default: those of the system. false turns the check off.',
        unchecked: (value) => (value === false ? CHECKS_NOBODY : undefined),
      })
      .optional(),
    client_auth_cert: field.path({ doc: 'PEM file of the TLS client certificate.' }).optional(),
    client_auth_key: field.path({ doc: 'PEM file of the key to the TLS client certificate.' }).optional(),
    state_file: field
      .path({ doc: 'SQLite file that remembers what was sent, so that a reload sends only what changed.' })
      .default('splunk_feed.sqlite3'),
    ack: field
      .choice(['auto', 'true', 'false'], {
        doc: 'Wait until the indexer has the events: auto: where the token offers it; true: it must; false: never.',
      })
      .default('auto'),
    ack_timeout: field
      .duration({ min: 1000, doc: 'How long an acknowledgement may take before its events are sent again.' })
      .default(120_000),
    event_time: field
      .choice(['object', 'now'], {
        doc: 'Time of an event. object: when the object was changed; now: when the event is sent, as IBM’s feed has it.',
      })
      .default('object'),
    tombstones: field
      .flag({ doc: 'Send an event with soar_op=delete when an object is deleted; otherwise, deletes are skipped.' })
      .default(true),
    indexed_fields: field
      .flag({ doc: 'soar_key, soar_version and soar_op are indexed fields; otherwise they are members of the event.' })
      .default(true),
    content: field
      .choice(['base64', 'none'], {
        doc: 'base64: "content" holds the bytes of files (where include_attachment_data is on).',
      })
      .default('base64'),
    max_content: field
      .bytes({ doc: 'Larger contents are refused; such an object is parked.' })
      .default(25 * 1024 * 1024),
    compression: field.choice(['gzip', 'none'], { doc: 'Of the requests.' }).default('gzip'),
    batch_events: field
      .integer({ min: 1, max: 10_000, unit: 'events', doc: 'Most events of one request.' })
      .default(500),
    batch_wait: field
      .duration({ max: 60_000, bareUnit: 'ms', doc: 'Longest wait for more events before a smaller request is sent.' })
      .default(50),
    max_request: field
      .bytes({ min: 1024, doc: 'Largest request, before compression; one larger event is sent alone.' })
      .default(1024 * 1024),
  }),
);

export type SplunkFeedSection = z.output<typeof splunkFeedConfig>;

function withRules<Schema extends z.ZodObject>(schema: Schema): Schema {
  return RULES.reduce(
    (ruled, { key, problem, holds }) =>
      ruled.refine((value) => holds(value as Given), { path: [key], error: problem, when: () => true }),
    schema,
  );
}
