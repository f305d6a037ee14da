import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { connectionFields, toConnection, withConnectionRules } from '../../src/config/connectionFields.js';
import { field } from '../../src/config/field.js';
import { findAppConfig } from '../../src/config/findAppConfig.js';
import { loadHostConfig, loadStateConfig, validateFeedSection } from '../../src/config/loadHostConfig.js';
import type { HostConfig } from '../../src/config/loadHostConfig.js';
import { rawValues } from '../../src/config/RawValues.js';
import { validateSection } from '../../src/config/validateSection.js';
import { ConfigError } from '../../src/contract/errors.js';
import { Redactor } from '../../src/telemetry/redact.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const GOOD = `[resilient]
host=soar.example.com
org=Test Org
api_key_id=
email=me@example.com
password=$SOAR_PASSWORD
cafile=~/ca.pem
log_http_responses=x
ignore_message_failure=1
stomp_prefetch_limit=7

[feeds]
feed_names=sql_feed:one, file_feed
reload=true
parallel_execution=False
workspaces="Default Workspace": ["sql_feed:one", "file_feed"], 'B': "file_feed"

[sql_feed:one]
class=SQLiteFeed
concurrency=4
deliver_timeout=2m
file_name=x.db

[file_feed]
class=FileFeed
directory=out

[fn_unrelated]
anything=goes
`;

const ENV = { SOAR_PASSWORD: 'pa$$word' };

function load(text: string, env: Record<string, string> = ENV): HostConfig {
  const file = join(folder, 'app.config');
  writeFileSync(file, text);
  return loadHostConfig(file, env, { redactor: new Redactor() });
}

function issuesOf(text: string, env?: Record<string, string>): readonly string[] {
  try {
    load(text, env);
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.issues.map(({ section, key, problem }) => `[${section}] ${key ?? '-'}: ${problem}`);
  }
}

const warningsOf = (text: string): readonly string[] =>
  load(text).warnings.map(({ section, key, problem }) => `[${section}] ${key ?? '-'}: ${problem}`);

describe('loadHostConfig', () => {
  it('reads a whole file', () => {
    const host = load(GOOD.replace('log_http_responses=x\nignore_message_failure=1\n', ''));
    expect(host.warnings).toEqual([]);
    expect(host.resilient).toMatchObject({
      stompEnabled: true,
      logLevel: 'info',
      connection: {
        host: 'soar.example.com',
        port: 443,
        org: 'Test Org',
        email: 'me@example.com',
        password: 'pa$$word',
        cafile: expect.stringMatching(/^\/.*\/ca\.pem$/),
        stomp: { port: 65_001, prefetch: 7, connectTimeoutMs: 60_000, maxMessageBytes: 33_554_432 },
      },
    });
    expect(host.resilient.connection).not.toHaveProperty('apiKeyId');
    expect(host.feeds).toEqual({
      feedNames: ['sql_feed:one', 'file_feed'],
      queue: 'feed_data',
      reload: 'full',
      reloadOverlapMs: 600_000,
      reloadChangedChildren: false,
      reloadTypes: [],
      reloadQueryApiMethod: false,
      reloadPageSize: 100,
      reconcileDeletes: true,
      reconcileMaxDeletes: 100,
      emails: false,
      includeAttachmentData: false,
      workspaces: new Map([
        ['Default Workspace', ['sql_feed:one', 'file_feed']],
        ['B', ['file_feed']],
      ]),
      targetPackages: [],
      timeSeries: { of: 'never', fields: ['*'] },
      page: true,
      statusHosts: [],
      stateDb: { client: 'sqlite', file: join(folder, 'soar-feed.db'), synchronous: 'FULL' },
      keepOutcomesMs: 7 * 24 * 3_600_000,
      spillAfterMs: 30_000,
    });
    expect([...host.sections.keys()]).toEqual(['sql_feed:one', 'file_feed']);
    expect(host.sections.get('sql_feed:one')?.engine).toEqual({
      className: 'SQLiteFeed',
      concurrency: 4,
      maxAttempts: 8,
      showInSource: false,
      deliverTimeoutMs: 120_000,
      maxPauseMs: 300_000,
      spillAfterMs: 30_000,
    });
    expect(host.redactor.redact('login with pa$$word failed')).toBe('login with [redacted] failed');
  });

  it('gives a feed its own spill_after where its section has one, and else that of [feeds]', () => {
    const text = GOOD.replace('[feeds]', '[feeds]\nspill_after=45s').replace(
      '[file_feed]',
      '[file_feed]\nspill_after=2m',
    );
    const spills = [...load(text).sections].map(([name, { engine }]) => [name, engine.spillAfterMs]);
    expect(spills).toEqual([
      ['sql_feed:one', 45_000],
      ['file_feed', 120_000],
    ]);
  });

  it('takes a PostgreSQL database for the state, by its URL and schema, and hides its password', () => {
    const url = 'postgresql://soar:${DB_PASSWORD}@db.example.com/soar?sslmode=require&schema=feed_a';
    const lines = `[feeds]\nstate_db=${url}\nstate_db_synchronous=normal\nkeep_outcomes=0\nstatus_port=9090`;
    const host = load(GOOD.replace('[feeds]', lines), { ...ENV, DB_PASSWORD: 'p%40ssw0rd' });
    expect(host.feeds).toMatchObject({
      stateDb: {
        client: 'postgres',
        connection: 'postgresql://soar:p%40ssw0rd@db.example.com/soar?sslmode=require',
        schema: 'feed_a',
      },
      keepOutcomesMs: 0,
      statusPort: 9090,
    });
    expect(host.redactor.redact('no login with p@ssw0rd, p%40ssw0rd')).toBe('no login with [redacted], [redacted]');
  });

  it('reads where the state is without the secrets of the rest', () => {
    const file = join(folder, 'app.config');
    writeFileSync(file, GOOD);
    const { feeds } = loadStateConfig(file, {}, { redactor: new Redactor() });
    expect(feeds.stateDb).toMatchObject({ file: join(folder, 'soar-feed.db') });
    writeFileSync(file, GOOD.replace('reload=true', 'state_db=$NOT_SET'));
    expect(() => loadStateConfig(file, {})).toThrow(/state_db: \$NOT_SET is not set/);
  });

  it('refuses other databases for the state without showing a password', () => {
    const lines = '[feeds]\nstate_db=mysql://soar:hidden1@db/soar';
    expect(() => load(GOOD.replace('[feeds]', lines))).toThrow(
      /state_db: found "mysql:\/\/…@db\/soar"; accepted: a path/,
    );
  });

  it('leaves the rest of a feed section to its target, relative to the file', () => {
    const host = load(GOOD);
    const section = host.sections.get('file_feed');
    if (section === undefined) throw new Error('no section');
    const result = validateFeedSection(host, section, z.object({ directory: field.path() }));
    expect(result).toEqual({ ok: true, value: { directory: join(folder, 'out') }, issues: [], warnings: [] });
  });

  it.each([
    ['yes', 'full'],
    ['Changed', 'changed'],
    ['off', false],
  ])('takes reload=%s', (word, reload) => {
    const host = load(GOOD.replace('reload=true', `reload=${word}\nreload_every=7d\nreload_overlap=90`));
    expect(host.feeds).toMatchObject({ reload, reloadEveryMs: 7 * 86_400_000, reloadOverlapMs: 90_000 });
  });

  it('counts an empty api_key_id as unset, so that the e-mail login works', () => {
    expect(issuesOf(GOOD)).toEqual([]);
    expect(load(GOOD).resilient.connection.email).toBe('me@example.com');
  });

  it('keeps one login only, the API key, where both stand', () => {
    const text = GOOD.replace('api_key_id=', 'api_key_id=id\napi_key_secret=secret');
    expect(load(text).resilient.connection).toMatchObject({ apiKeyId: 'id', apiKeySecret: 'secret' });
    expect(load(text).resilient.connection).not.toHaveProperty('email');
  });

  // One fault each, in an otherwise good file.
  it.each<[string, (text: string) => string, string]>([
    ['no [resilient]', (t) => t.replace('[resilient]', '[resilent]'), '[resilient] -: the section is missing'],
    ['no [feeds]', (t) => t.replace('[feeds]', '[feed]'), '[feeds] -: the section is missing'],
    ['a line that is no key', (t) => `${t}junk`, '[fn_unrelated] -: line 30 is neither'],
    ['no host', (t) => t.replace('host=soar.example.com', ''), '[resilient] host: is missing'],
    ['a URL as host', (t) => t.replace('host=', 'host=https://'), '[resilient] host: found "https://soar'],
    ['no login', (t) => t.replace(/email.*\npassword.*\n/, ''), '[resilient] api_key_id: neither an API key'],
    [
      'key id without secret',
      (t) => t.replace('api_key_id=', 'api_key_id=x'),
      '[resilient] api_key_secret: is missing',
    ],
    [
      'secret without key id',
      (t) => t.replace('api_key_id=', 'api_key_secret=x'),
      '[resilient] api_key_id: is missing',
    ],
    ['email without password', (t) => t.replace(/password=.*/, ''), '[resilient] password: is missing beside email'],
    ['password without email', (t) => t.replace(/email=.*/, ''), '[resilient] email: is missing beside password'],
    ['certificate without key', (t) => t.replace('org=', 'client_auth_cert=x\norg='), '[resilient] client_auth_key:'],
    ['key without certificate', (t) => t.replace('org=', 'client_auth_key=x\norg='), '[resilient] client_auth_cert:'],
    ['proxy without port', (t) => t.replace('org=', 'proxy_host=p\nproxy_port=0\norg='), '[resilient] proxy_port:'],
    ['a port that is none', (t) => t.replace('org=', 'port=70000\norg='), '[resilient] port: found "70000"'],
    ['a prefetch of nothing', (t) => t.replace('limit=7', 'limit=0'), '[resilient] stomp_prefetch_limit: found "0"'],
    ['no feed names', (t) => t.replace(/feed_names=.*/, 'feed_names=,'), '[feeds] feed_names: names no feed'],
    [
      'a feed twice',
      (t) => t.replace('file_feed\n', 'file_feed, file_feed\n'),
      '[feeds] feed_names: names file_feed twice',
    ],
    [
      'a feed without section',
      (t) => t.replace('[file_feed]', '[x]'),
      '[feeds] feed_names: names file_feed, but the section',
    ],
    [
      'a section that is no feed',
      (t) => t.replace('file_feed\n', 'file_feed, resilient\n'),
      '[feeds] feed_names: names [resilient]',
    ],
    ['a bad flag', (t) => t.replace('reload=true', 'reload=ture'), '[feeds] reload: found "ture"'],
    ['typographic quotes', (t) => t.replaceAll(/"/g, '”'), '[feeds] workspaces: a workspace label in quotes'],
    [
      'a workspace of an unknown feed',
      (t) => t.replace('"file_feed"\n', '"file"\n'),
      '[feeds] workspaces: workspace "B" names file,',
    ],
    ['no class', (t) => t.replace('class=FileFeed', ''), '[file_feed] class: is missing'],
    [
      'a bad concurrency',
      (t) => t.replace('concurrency=4', 'concurrency=257'),
      '[sql_feed:one] concurrency: found "257"',
    ],
    ['a section twice', (t) => `${t}[feeds]\n`, '[feeds] -: the section starts at line'],
    ['a key twice', (t) => t.replace('reload=true', 'reload=true\nreload=true'), '[feeds] reload: is set at line'],
    [
      'a password manager',
      (t) => t.replace('$SOAR_PASSWORD', '^SOAR\npam_type=Keyring'),
      '[resilient] password: ^SOAR is not set in the environment',
    ],
  ])('refuses %s', (_name, change, expected) => {
    const issues = issuesOf(change(GOOD));
    expect(issues).toHaveLength(1);
    expect(issues[0]?.startsWith(expected) ? expected : issues[0]).toBe(expected);
  });

  it.each(['$SOAR_PASSWORD', '^soar_password\npam_type=Keyring'])(
    'does not miss the password %s beside an API key',
    (password) => {
      const text = GOOD.replace('api_key_id=', 'api_key_id=id\napi_key_secret=secret');
      expect(issuesOf(text.replace('$SOAR_PASSWORD', password), {})).toEqual([]);
      expect(issuesOf(text.replace('api_key_secret=secret', 'api_key_secret=$KEY_SECRET'), {})).toHaveLength(1);
    },
  );

  it('takes the path prefix and the log level of the environment where the file has none, as IBM’s runtime', () => {
    const env = { ...ENV, RESOURCE_PREFIX: '/soar', LOGLEVEL: 'ERROR' };
    expect(load(GOOD, env).resilient).toMatchObject({ logLevel: 'error', connection: { resourcePrefix: '/soar' } });
    const own = GOOD.replace('[feeds]', 'resource_prefix=/own\nloglevel=debug\n[feeds]');
    expect(load(own, env).resilient).toMatchObject({ logLevel: 'debug', connection: { resourcePrefix: '/own' } });
    expect(load(GOOD).resilient).toMatchObject({ logLevel: 'info' });
    expect(load(GOOD).resilient.connection).not.toHaveProperty('resourcePrefix');
  });

  it('reads secrets from the folder and the command that the file names', () => {
    mkdirSync(join(folder, 'vault'), { recursive: true });
    writeFileSync(join(folder, 'vault', 'SOAR_PASSWORD'), 'from the folder');
    const passwordOf = (keys: string, reference = '$SOAR_PASSWORD'): unknown =>
      load(GOOD.replace('$SOAR_PASSWORD', reference).replace('[feeds]', `${keys}\n[feeds]`)).resilient.connection
        .password;
    expect(passwordOf('secrets_folder=vault')).toBe('from the folder');
    expect(passwordOf('secret_command=echo {service}', '^SOAR_PASSWORD')).toBe('_ SOAR_PASSWORD');
    expect(passwordOf('', '^SOAR_PASSWORD')).toBe('^SOAR_PASSWORD');
    expect(issuesOf(GOOD.replace('[feeds]', 'secret_command=["x"\n[feeds]')).join()).toMatch(
      /\[resilient\] secret_command: is not a list of texts/,
    );
  });

  it('keeps the log in a file where logdir, logfile or $APP_LOG_DIR says so', () => {
    const logFileOf = (keys: string, env: Readonly<Record<string, string>> = {}): unknown =>
      load(GOOD.replace('[feeds]', `${keys}\n[feeds]`), { ...ENV, ...env }).resilient.logFile;
    const limits = { maxBytes: 10_000_000, backups: 10 };
    expect(logFileOf('log_backup_count=5')).toBeUndefined();
    expect(logFileOf('logdir=/var/log/feed\nlog_max_bytes=1MB')).toEqual({
      ...{ file: '/var/log/feed/app.log', folder: '/var/log/feed', key: 'logdir', makeFolder: false },
      ...{ maxBytes: 1_048_576, backups: 10 },
    });
    const beside = join(folder, 'logs');
    expect(logFileOf('logfile=feed.log')).toEqual({
      ...{ file: join(beside, 'feed.log'), folder: beside, key: 'logfile', makeFolder: true, ...limits },
    });
    expect(logFileOf('', { APP_LOG_DIR: '/var/log/rescircuits' })).toMatchObject({
      file: '/var/log/rescircuits/app.log',
    });
    expect(logFileOf('logdir=l\nlogfile=/x/a.log')).toMatchObject({ file: '/x/a.log', key: 'logfile' });
    expect(issuesOf(GOOD.replace('[feeds]', 'log_max_bytes=99999\n[feeds]')).join()).toMatch(
      /\[resilient\] log_max_bytes: is too small; accepted: 0 .*at least 100000/,
    );
  });

  it('takes a file made for IBM’s programs, with all that these know', () => {
    const known = [
      ...['logdir=~/logs', 'logfile=app.log', 'log_max_bytes=10000000', 'log_backup_count=10', 'log_http_responses=x'],
      ...['stomp_max_retries=0', 'stomp_timer_interval=60', 'stomp_max_connection_errors=1', 'stomp_timeout=60'],
      ...['heartbeat_timeout_threshold=30', 'max_connection_retries=-1', 'request_max_retries=5', 'stomp_cafile=false'],
      ...['request_retry_delay=2', 'request_retry_backoff=2', 'num_workers=50', 'cache_ttl=240', 'componentsdir=~/c'],
      ...['noload=', 'no_prompt_password=true', 'trap_exception=false', 'selftest_timeout=10', 'loglevel=WARNING'],
      ...['ignore_message_failure=1', 'pam_type=Keyring', 'rc_use_persistent_sessions=1', 'low_code_queues_list='],
      ...['test_actions=True', 'test_host=localhost', 'test_port=8008', 'resilient_mock=x.Y', 'multitenancy=0'],
      ...['multi_org_function_json=', 'proxy_host=', 'proxy_port=', 'proxy_user=', 'proxy_password=', 'stomp=1'],
      ...['client_auth_cert=', 'client_auth_key=', 'resource_prefix=', 'stomp_host=mq.example.com', 'stomp_port=443'],
    ];
    const others = [
      ...['[integrations]', 'http_proxy=http://proxy:3128', 'https_proxy=$NOT_SET', 'timeout=30'],
      ...['[fn_jira:one]', 'token=^jira_token', 'text=a', '  b', '[Custom Threat Service]', 'urlbase=/cts'],
    ];
    const text =
      GOOD.replace('log_http_responses=x\nignore_message_failure=1\n', `${known.join('\n')}\n`) + others.join('\n');
    const host = load(text.replace('reload=true', 'reload=True\ntimeseries_fields=*\ninclude_attachment_data=False'));
    expect(host.warnings.map(({ key }) => key)).toEqual(['log_http_responses', 'ignore_message_failure']);
    expect(host.warnings[0]?.problem).toMatch(/is never logged.*\(line 12\)/);
    expect(host.resilient).toMatchObject({
      logLevel: 'warn',
      connection: { retries: { max: 5, delayMs: 2000, backoff: 2 }, stomp: { host: 'mq.example.com', cafile: false } },
    });
  });

  it('refuses a secret that is not set, naming it', () => {
    expect(issuesOf(GOOD, {})).toEqual([
      '[resilient] password: $SOAR_PASSWORD is not set in the environment; set it (a value that itself starts with $ goes into a variable, too) (line 6)',
    ]);
  });

  it('has every problem of the file in one report', () => {
    const text = GOOD.replace('host=soar.example.com', 'port=x')
      .replace('reload=true', 'reload=ture')
      .replace('concurrency=4', 'concurrency=0')
      .replace('[file_feed]', '[other]\njunk')
      .replace("'B'", 'B');
    expect(issuesOf(text).map((issue) => issue.slice(0, issue.indexOf(':', 12) + 1 || 20))).toHaveLength(7);
    const report = issuesOf(text).join('\n');
    for (const part of [
      '[other] -',
      '] host:',
      '] port:',
      '] reload:',
      '] workspaces:',
      '] concurrency:',
      '[file_feed] is missing',
    ]) {
      expect(report).toContain(part);
    }
  });

  it('warns of what has no effect', () => {
    const text = GOOD.replace('log_http_responses=x\nignore_message_failure=1\n', '');
    expect(warningsOf(text.replace('reload=true', 'reload=true\nrelod_types=task'))).toEqual([
      '[feeds] relod_types: is not known and has no effect; did you mean reload_types? (line 13)',
    ]);
  });

  it.each<[string, (text: string) => string, string]>([
    ['quotes', (t) => t.replace('Test Org', '"Test Org"'), '[resilient] org: the quotes around it are part of the'],
    ['a comment', (t) => t.replace('Test Org', 'Test Org # ours'), '[resilient] org: a comment behind a value is part'],
    ['a comment of Python', (t) => t.replace('=out', '=out ; here'), ''],
    ['a comment in a list', (t) => t.replace(', file_feed', ', file_feed # two'), 'refused'],
    ['an indented key', (t) => t.replace('org=', 'org=x\n  port=8443\norg_='), '[resilient] port: line 4 is indented'],
    ['an indented engine key', (t) => t.replace('concurrency', ' concurrency'), '[sql_feed:one] concurrency: line 20'],
  ])('warns of what is part of a value, and may not be meant so: %s', (_name, change, expected) => {
    const text = change(GOOD);
    if (expected === 'refused') return expect(issuesOf(text).join()).toContain('names file_feed # two');
    const warnings = warningsOf(text).filter((warning) => !/log_http|ignore_message|not known/.test(warning));
    if (expected === '') return expect(warnings).toEqual([]); // a target's key: its schema is not here
    expect(warnings).toEqual([expect.stringContaining(expected)]);
  });

  it('says so beside a value that is not accepted', () => {
    const [quoted = ''] = issuesOf(GOOD.replace('prefetch_limit=7', 'prefetch_limit="7"'));
    expect(quoted).toContain('found "\\"7\\""; accepted: a whole number');
    expect(quoted).toContain('the quotes around it are part of the value: leave them out');
    const [commented = ''] = issuesOf(GOOD.replace('prefetch_limit=7', 'prefetch_limit=7 # few'));
    expect(commented).toContain('give the comment a line of its own');
    expect(issuesOf(GOOD.replace('[resilient]\n', '[resilient]\norg=a\n ').replace('\norg=Test Org', ''))[0]).toContain(
      'host: is missing (line 3 is indented, hence part of the value of org)',
    );
  });

  it.each([
    [
      '[Feeds]',
      (t: string) => t.replace('[feeds]', '[Feeds]'),
      '[Feeds] stands there, but names of sections are case-',
    ],
    ['[feed]', (t: string) => t.replace('[feeds]', '[feed]'), 'is [feed] meant to be it?'],
    ['[FILE_FEED]', (t: string) => t.replace('[file_feed]', '[FILE_FEED]'), '[FILE_FEED] stands there'],
  ])('suggests the section %s', (_name, change, expected) => {
    expect(issuesOf(change(GOOD)).join()).toContain(expected);
  });

  it.each([
    ['UTF-16 LE', Buffer.from(`\uFEFF${GOOD}`, 'utf16le'), 'is written in UTF-16 (little endian) (line 1)'],
    ['UTF-16 BE', Buffer.from(`\uFEFF${GOOD}`, 'utf16le').swap16(), 'is written in UTF-16 (big endian) (line 1)'],
    ['UTF-16 without mark', Buffer.from(GOOD, 'utf16le'), 'is written in UTF-16 (little endian) (line 1)'],
    ['Latin-1', Buffer.from(GOOD.replace('Test Org', 'Zürich'), 'latin1'), 'line 3 holds a character that is not'],
    [
      'Latin-1, Mac line ends',
      Buffer.from(GOOD.replace('Test Org', 'Zürich').replaceAll('\n', '\r'), 'latin1'),
      'line 3',
    ],
    ['Latin-1, DOS line ends', Buffer.from(`#\n${GOOD}é`.replaceAll('\n', '\r\n'), 'latin1'), 'line 31'],
  ])('names %s for what it is, with the line', (_name, bytes, expected) => {
    const file = join(folder, 'bytes.config');
    writeFileSync(file, bytes);
    expect(() => loadHostConfig(file, ENV, { redactor: new Redactor() })).toThrow(expected);
  });

  it('takes UTF-8 with a byte order mark', () => {
    expect(load(`\uFEFF${GOOD.replace('Test Org', 'Zürich 日本')}`).resilient.connection.org).toBe('Zürich 日本');
  });

  it.each(['__proto__', 'constructor', 'valueOf', 'toString', 'hasOwnProperty'])(
    'takes %s for a name like any other',
    (name) => {
      expect(issuesOf(GOOD.replaceAll('file_feed', name))).toEqual([]);
      expect(load(GOOD.replaceAll('file_feed', name)).sections.get(name)?.engine.className).toBe('FileFeed');
      const text = GOOD.replace('concurrency=4', `concurrency=4\n${name}=x`).replace(
        'reload=true',
        `reload=true\n${name}=x`,
      );
      expect(issuesOf(text)).toEqual([]);
      expect(warningsOf(text).join()).toContain(`[feeds] ${name.toLowerCase()}: is not known`);
      expect(load(text).sections.get('sql_feed:one')?.raw.get(name.toLowerCase())?.text).toBe('x');
      expect(issuesOf(GOOD.replace('deliver_timeout=2m', `deliver_timeout=2${name.replaceAll('_', '')}`))).toHaveLength(
        1,
      );
      expect(issuesOf(GOOD.replace('feed_names=sql_feed:one', `feed_names=${name}`)).join()).toContain(
        `names ${name}, but`,
      );
    },
  );

  it('takes only the values of secret fields for secrets, and what was looked up for a URL', () => {
    const text = GOOD.replace('host=soar.example.com', 'host=$HOST\nport=$PORT').replace(
      '[feeds]',
      '[feeds]\nstate_db=postgresql://soar:${DB_PASSWORD}@db/soar',
    );
    const env = { ...ENV, HOST: 'soar.example.com', PORT: '65001', DB_PASSWORD: 'dbsecret' };
    const { redactor } = load(text, env);
    expect(redactor.redact('soar.example.com:65001')).toBe('soar.example.com:65001');
    expect(redactor.redact('pa$$word dbsecret')).toBe('[redacted] [redacted]');
  });

  it('says what to do about a file that is not there or not a file', () => {
    expect(() => loadHostConfig(join(folder, 'none'), {})).toThrow(
      /none has a problem:\n {2}\[none\] does not exist; name/,
    );
    expect(() => loadHostConfig(folder, {})).toThrow(/cannot be read \(EISDIR\)/);
  });
});

describe('connectionFields', () => {
  it('serve a target section as well, with the same rules', () => {
    const schema = withConnectionRules(z.object({ ...connectionFields, sqlite_sync_file: field.path() }));
    const result = validateSection('target', rawValues({ host: 'h', api_key_id: 'x' }), schema);
    expect(result.issues.map(({ key }) => key)).toEqual(['sqlite_sync_file', 'api_key_secret']);
  });

  it('become a connection with the parts that stand there', () => {
    const schema = withConnectionRules(z.object(connectionFields));
    const raw = rawValues({
      host: 'h',
      api_key_id: 'i',
      api_key_secret: 'secret',
      cafile: 'false',
      client_auth_cert: '/c',
      client_auth_key: '/k',
      proxy_host: 'p',
      proxy_port: '3128',
      request_max_retries: '5',
      request_timeout: '90',
    });
    const { value } = validateSection('s', raw, schema, { redactor: new Redactor() });
    expect(value && toConnection(value)).toEqual({
      host: 'h',
      port: 443,
      apiKeyId: 'i',
      apiKeySecret: 'secret',
      cafile: false,
      clientCert: { certFile: '/c', keyFile: '/k' },
      proxy: { host: 'p', port: 3128 },
      timeoutMs: 90_000,
      maxRetryAfterMs: 300_000,
      maxAnswerBytes: 268_435_456,
      retries: { max: 5, delayMs: 500, backoff: 2 },
    });
  });
});

describe('findAppConfig', () => {
  it('looks where IBM looks', () => {
    const home = join(folder, 'home');
    const cwd = join(folder, 'cwd');
    mkdirSync(join(home, '.resilient'), { recursive: true });
    mkdirSync(cwd);
    expect(() => findAppConfig({}, cwd, home)).toThrow(/\$APP_CONFIG_FILE is not set and neither .*cwd.* nor .*home/);
    writeFileSync(join(home, '.resilient', 'app.config'), '');
    expect(findAppConfig({}, cwd, home)).toBe(join(home, '.resilient', 'app.config'));
    writeFileSync(join(cwd, 'app.config'), '');
    expect(findAppConfig({ APP_CONFIG_FILE: '' }, cwd, home)).toBe(join(cwd, 'app.config'));
    expect(findAppConfig({ APP_CONFIG_FILE: 'other' }, cwd, home)).toBe(join(cwd, 'other'));
  });
});
