import 'reflect-metadata';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SoarApiError, SoarClient, SoarQueue } from '@soar-feed/soar-client';
import type { MessageDestinationDto, SoarConnection } from '@soar-feed/soar-client';
import { Container } from 'inversify';
import { loadHostConfig } from '../config/loadHostConfig.js';
import type { Clock } from '../contract/Clock.js';
import { ConfigError } from '../contract/errors.js';
import type { ConfigIssue } from '../contract/errors.js';
import type { FeedStore } from '../contract/FeedStore.js';
import type { FeedTarget } from '../contract/FeedTarget.js';
import type { Logger } from '../contract/Logger.js';
import type { Metrics } from '../contract/Metrics.js';
import type { SourceOrg } from '../contract/SourceOrg.js';
import { isDataTable } from '../contract/TypeSchema.js';
import { FeedTokens } from '../contract/tokens.js';
import { MemoryStore } from '../parking/MemoryStore.js';
import { TypeCatalog } from '../shape/TypeCatalog.js';
import { EventFactory } from '../source/EventFactory.js';
import { SourceReader } from '../source/SourceReader.js';
import { PromMetrics } from '../telemetry/metrics.js';
import { makeTarget } from './feedContainer.js';
import type { PreparedFeed, PreparedHost, PrepareOptions } from './prepareHost.js';
import { prepareHost } from './prepareHost.js';
import { systemClock } from './systemClock.js';

export interface CheckOptions extends PrepareOptions {
  /** What targets log while they are probed. */
  readonly log: Logger;
  readonly signal?: AbortSignal;
}

/** What was looked at, in the order in which it is. */
export type CheckSubject = 'config' | 'packages' | 'state' | 'source' | 'types' | 'queue' | 'destination' | 'target';

/** One thing that was looked at. */
export interface CheckLine {
  readonly subject: CheckSubject;
  /** The feed, for a target. */
  readonly feed?: string;
  /** `warn`: the host would start, and something of it may not work as meant. */
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found. */
  readonly detail: string;
  /** What to do, where `detail` does not say it. */
  readonly advice?: string;
  readonly code?: string;
}

/** Longest wait for the broker's login and for one target, ms. */
const PATIENCE_MS = 15_000;

/**
 * Looks at everything a host needs, from the file to each target, and writes nothing anywhere: no state database, no
 * subscription, no target is opened. Gives its lines as it goes; a fault never stops the rest.
 */
export async function* checkHost(options: CheckOptions): AsyncGenerator<CheckLine> {
  const prepared = yield* checkConfig(options);
  if (prepared === undefined) return;
  yield await checkState(prepared.config.feeds.stateDb);
  const { client, line } = await connect(prepared, options.signal);
  yield line;
  try {
    const catalog = client && new TypeCatalog(async () => Object.values(await client.types.all()), systemClock);
    if (catalog !== undefined) yield await checkTypes(catalog, prepared);
    yield* checkQueue(prepared, client, options.signal);
    const source =
      client && catalog
        ? new SourceReader(client, catalog, new EventFactory(client), systemClock)
        : absentSource(prepared, line.detail);
    for (const feed of prepared.feeds) yield await checkTarget(feed, source, options);
  } finally {
    await client?.close();
  }
}

/**
 * Whether the file itself is sound, and only the packages it names are to blame. Both come in one report, since a person
 * wants all of it at once; who needs to tell them apart asks here.
 */
export function onlyPackagesAtFault(error: ConfigError, options: PrepareOptions): boolean {
  return isSound(options) && error.issues.every(isPackageIssue);
}

async function* checkConfig(options: CheckOptions): AsyncGenerator<CheckLine, PreparedHost | undefined> {
  try {
    const prepared = await prepareHost(options);
    const { config, feeds, warnings } = prepared;
    for (const issue of warnings) yield { subject: 'config', state: 'warn', detail: sentence(issue) };
    yield { subject: 'config', state: 'ok', detail: config.file };
    const packages = new Set(feeds.map(({ target }) => `${target.packageName} ${target.version}`));
    yield { subject: 'packages', state: 'ok', detail: [...packages].join(', ') };
    return prepared;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const sound = isSound(options);
    for (const issue of error.issues) {
      const subject = sound && isPackageIssue(issue) ? 'packages' : 'config';
      yield { subject, state: 'fail', detail: sentence(issue), code: error.code };
    }
    return undefined;
  }
}

/** The store would be made at the first start; here only its place is looked at. */
async function checkState(file: string): Promise<CheckLine> {
  const exists = await may(file, constants.F_OK);
  const place = exists ? file : dirname(file);
  if (await may(place, constants.R_OK | constants.W_OK)) {
    return { subject: 'state', state: 'ok', detail: exists ? file : `${file} (made at the first start)` };
  }
  const detail = exists
    ? `${file} cannot be read and written`
    : `the folder of ${file} is missing or cannot be written`;
  const advice = 'Let the user that runs soar-feed write there, or set [feeds] state_db.';
  return { subject: 'state', state: 'fail', detail, advice, code: 'store-unreadable' };
}

async function connect(
  { config }: PreparedHost,
  signal: AbortSignal | undefined,
): Promise<{ readonly client?: SoarClient; readonly line: CheckLine }> {
  const { connection } = config.resilient;
  try {
    const client = await SoarClient.connect(connection, signal === undefined ? {} : { signal });
    const { org, principal, host } = client;
    const who = `${principal.type === 'apikey' ? 'API key' : 'user'} ${principal.name}`;
    return {
      client,
      line: { subject: 'source', state: 'ok', detail: `${org.name} (id ${org.id}) on ${host} as ${who}` },
    };
  } catch (error) {
    return { line: failure('source', error) };
  }
}

async function checkTypes(catalog: TypeCatalog, { config }: PreparedHost): Promise<CheckLine> {
  try {
    const types = await catalog.all();
    const names = types.map((type) => type.name);
    const unknown = config.feeds.reloadTypes.filter((name) => !names.includes(name));
    if (unknown.length > 0) {
      const detail = `[feeds] reload_types names ${unknown.join(', ')}, which the organization does not have`;
      const advice = 'Write types by their API name; a data table has its own.';
      return { subject: 'types', state: 'warn', detail, advice };
    }
    const tables = types.filter(isDataTable).length;
    return { subject: 'types', state: 'ok', detail: `${types.length} types, ${tables} of them data tables` };
  } catch (error) {
    return failure('types', error);
  }
}

async function* checkQueue(
  { config }: PreparedHost,
  client: SoarClient | undefined,
  signal: AbortSignal | undefined,
): AsyncGenerator<CheckLine> {
  const { connection, stompEnabled } = config.resilient;
  if (!stompEnabled) {
    yield { subject: 'queue', state: 'warn', detail: 'turned off by [resilient] stomp: only reloads run' };
    return;
  }
  if (client?.org.actionsFrameworkEnabled === false) {
    const advice = 'Only reloads run; ask for the action framework if changes are to arrive as they are made.';
    yield {
      subject: 'queue',
      state: 'warn',
      detail: 'the organization has no action framework, hence no queues',
      advice,
    };
    return;
  }
  const { stomp } = connection;
  const impatient: SoarConnection = {
    ...connection,
    stomp: { ...stomp, connectTimeoutMs: Math.min(stomp.connectTimeoutMs ?? PATIENCE_MS, PATIENCE_MS) },
  };
  try {
    await SoarQueue.probe(impatient, { signal });
    yield {
      subject: 'queue',
      state: 'ok',
      detail: `the broker at ${stomp.host ?? connection.host}:${stomp.port} took the login`,
    };
  } catch (error) {
    yield failure('queue', error);
  }
  if (client !== undefined) yield await checkDestination(client, config.feeds.queue);
}

async function checkDestination(client: SoarClient, queue: string): Promise<CheckLine> {
  const subject = 'destination';
  let all: readonly MessageDestinationDto[];
  try {
    all = await client.messageDestinations.all();
  } catch (error) {
    if (!SoarApiError.is(error) || error.status !== 403) return failure(subject, error);
    return { subject, state: 'ok', detail: `${queue}: not visible to this account, which is common for API keys` };
  }
  const found = all.find((destination) => destination.programmatic_name === queue);
  if (found === undefined) {
    const others = all.map((destination) => destination.programmatic_name).join(', ') || 'none';
    const detail = `the organization has no message destination ${queue}; there is: ${others}`;
    const advice = 'Create it (type queue, acknowledgement expected), or name another one in [feeds] queue.';
    return { subject, state: 'fail', detail, advice, code: 'queue-missing' };
  }
  const { principal } = client;
  const readers = principal.type === 'apikey' ? found.api_keys : found.users;
  if (readers !== undefined && !readers.includes(principal.id)) {
    const list = principal.type === 'apikey' ? 'API keys' : 'users';
    const detail = `${queue}: ${principal.name} is not among its ${list}`;
    const advice = `Add it under "${list}" of the message destination, in the customization settings.`;
    return { subject, state: 'fail', detail, advice, code: 'queue-not-authorized' };
  }
  return { subject, state: 'ok', detail: `${queue}, and ${principal.name} may read it` };
}

async function checkTarget(feed: PreparedFeed, source: SourceOrg, options: CheckOptions): Promise<CheckLine> {
  const { name } = feed.section;
  const about = { subject: 'target', feed: name } as const;
  let target: FeedTarget | undefined;
  try {
    const log = options.log.child({ feed: name });
    target = makeTarget(containerFor(source, options.log), { name, config: feed.config, log }, feed.definition);
    if (target.health === undefined) {
      return { ...about, state: 'warn', detail: 'the target offers no probe; it is tried at the first start' };
    }
    const patience = AbortSignal.timeout(PATIENCE_MS);
    const signal = options.signal === undefined ? patience : AbortSignal.any([patience, options.signal]);
    const { state, detail } = await Promise.race([target.health({ signal }), givenUp(signal)]);
    if (state === 'up') return { ...about, state: 'ok', detail };
    return { ...about, state: state === 'degraded' ? 'warn' : 'fail', detail, code: `target-${state}` };
  } catch (error) {
    return { ...failure('target', error), feed: name };
  } finally {
    await target?.close().catch(() => undefined); // it never was open: nothing of it can be lost
  }
}

/** As the host's own, but nothing in it is durable. */
function containerFor(source: SourceOrg, log: Logger): Container {
  const root = new Container();
  root.bind<Clock>(FeedTokens.Clock).toConstantValue(systemClock);
  root.bind<Metrics>(FeedTokens.Metrics).toConstantValue(new PromMetrics());
  root.bind<FeedStore>(FeedTokens.Store).toConstantValue(new MemoryStore());
  root.bind<Logger>(FeedTokens.Logger).toConstantValue(log);
  root.bind<SourceOrg>(FeedTokens.Source).toConstantValue(source);
  return root;
}

/** Lets a target be probed although the source is away. */
function absentSource({ config }: PreparedHost, problem: string): SourceOrg {
  const away = () => Promise.reject(new Error(`The source is away: ${problem}`));
  return { host: config.resilient.connection.host, orgId: 0, orgName: '', types: away, fetch: away };
}

function givenUp(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), {
      once: true,
    });
  });
}

const ADVICE: Readonly<Record<string, string>> = {
  'connection-refused': 'Check host and port, and that the server is up.',
  'connect-timeout': 'Check host and port, and that no firewall stands between.',
  'host-not-found': 'Check the host name, or the name server of this machine.',
  'broker-not-ready': 'The broker is up and cannot check logins yet; try again in a minute.',
  unauthorized: 'Check the login: the API key and its secret, or e-mail and password.',
  forbidden: 'Give the account the permission; an API key needs "Read" on the organization\'s data.',
};

function failure(subject: CheckSubject, error: unknown): CheckLine {
  const detail = error instanceof Error ? error.message : String(error);
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;
  const advice = code === undefined ? undefined : ADVICE[code];
  return {
    subject,
    state: 'fail',
    detail,
    ...(code === undefined ? {} : { code }),
    ...(advice === undefined ? {} : { advice }),
  };
}

/** Once the file is known to be sound, only packages can be at fault under these keys. */
function isPackageIssue({ key }: ConfigIssue): boolean {
  return key === 'class' || key === 'target_packages';
}

function isSound({ configFile, env }: PrepareOptions): boolean {
  try {
    loadHostConfig(configFile, env ?? process.env);
    return true;
  } catch {
    return false;
  }
}

function sentence({ section, key, problem }: ConfigIssue): string {
  return `[${section}] ${key === undefined ? '' : `${key}: `}${problem}`;
}

async function may(path: string, mode: number): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
