import { within } from '@soar-feed/soar-client';
import type { SoarClient, SoarConnection } from '@soar-feed/soar-client';
import { isDeepStrictEqual } from 'node:util';
import type { HostConfig } from '../../config/loadHostConfig.js';
import { namingKeys } from '../../config/namingKeys.js';
import type { Logger } from '../../contract/Logger.js';
import type { SourceOrg } from '../../contract/SourceOrg.js';
import { messageOf } from '../../trouble/messageOf.js';
import { PATIENCE_MS } from '../check/CheckLine.js';
import { checkTarget } from '../check/checkTarget.js';
import type { HostQueue } from '../HostQueue.js';
import type { PreparedFeed, PreparedHost } from '../PreparedHost.js';
import { differs, loginKeys, part } from './loginKeys.js';
import type { Values } from './loginKeys.js';

/** What of a running host can be renewed. */
export interface Renewable {
  readonly client: Pick<SoarClient, 'logIn'>;
  readonly source: SourceOrg;
  /** By feed: opens its target again with another config. */
  readonly renewals: ReadonlyMap<string, (config: unknown) => void>;
}

/** What a reading of the config is applied to. */
export interface RefreshContext {
  readonly fresh: PreparedHost;
  /** Absent: the source is not connected yet. */
  readonly running: Renewable | undefined;
  /** Of a standby: which host it waits for. */
  readonly standby: string | undefined;
  readonly queue: HostQueue;
  readonly log: Logger;
}

const LOGIN: ReadonlySet<string> = new Set(['apiKeyId', 'apiKeySecret', 'email', 'password']);

/** Applies a config that was read again to a running host: its secrets, one section after the other. */
export class Refreshing {
  /** What is in use: what was refused is tried again the next time. */
  private connection: SoarConnection;
  private readonly feeds: Map<string, PreparedFeed>;
  private last: Promise<unknown> = Promise.resolve();

  constructor(private readonly started: PreparedHost) {
    this.connection = started.config.resilient.connection;
    this.feeds = new Map(started.feeds.map((feed) => [feed.section.name, feed]));
  }

  /** One after the other. Gives the config as read. */
  async run(context: RefreshContext): Promise<HostConfig> {
    const turn = this.last.then(() => this.apply(context));
    this.last = turn.catch(() => undefined);
    await turn;
    return context.fresh.config;
  }

  private async apply({ fresh, running, standby, queue, log }: RefreshContext): Promise<void> {
    if (standby !== undefined)
      return log.info('The config was read; a standby reads it again when it takes over.', { event: 'host.refreshed' });
    const used: string[] = [];
    const attempt = async (section: string, work: () => Promise<boolean>): Promise<void> => {
      try {
        if (await work()) used.push(`[${section}]`);
      } catch (error) {
        log.error(`[${section}] keeps its old secrets, because the new ones do not work: ${messageOf(error)}`, {
          event: 'host.refresh-refused',
          error,
        });
      }
    };
    const restart = this.needRestart(fresh);
    if (running === undefined) restart.push('the secrets (the source is not connected yet)');
    else {
      await attempt('resilient', () => this.source(fresh.config, running, queue));
      for (const feed of fresh.feeds)
        await attempt(feed.section.name, () => this.feed(feed, running, log.child({ feed: feed.section.name })));
    }
    const secrets = used.length === 0 ? 'no new secrets' : `new secrets of ${used.join(', ')}`;
    log.info(`The config was read again: ${secrets}.`, { event: 'host.refreshed' });
    if (restart.length > 0)
      log.warn(`Restart the host to apply what else has changed: ${restart.join(', ')}.`, {
        event: 'host.restart-needed',
      });
  }

  private async source({ resilient }: HostConfig, { client }: Renewable, queue: HostQueue): Promise<boolean> {
    const { connection } = resilient;
    if (!differs(this.connection, connection, LOGIN, true)) return false;
    const next = { ...part(values(this.connection), LOGIN, false), ...part(values(connection), LOGIN, true) };
    const login = next as unknown as SoarConnection;
    const tooLate = (): Error => new Error(`no answer within ${PATIENCE_MS / 1000} s`);
    await within(PATIENCE_MS, undefined, (signal) => client.logIn(login, signal), tooLate).catch((error: unknown) => {
      throw namingKeys(error, 'resilient', login);
    });
    queue.useLogin(login);
    this.connection = login;
    return true;
  }

  private async feed(fresh: PreparedFeed, { source, renewals }: Renewable, log: Logger): Promise<boolean> {
    const { name } = fresh.section;
    const old = this.feeds.get(name);
    const renew = renewals.get(name);
    if (old === undefined || renew === undefined || old.definition !== fresh.definition) return false;
    const keys = loginKeys(old, fresh);
    if (!differs(old.config, fresh.config, keys, true)) return false;
    const config = { ...part(values(old.config), keys, false), ...part(values(fresh.config), keys, true) };
    const { state, detail } = await checkTarget({ ...old, config }, source, { log });
    if (state === 'fail') throw new Error(detail);
    renew(config);
    this.feeds.set(name, { ...old, section: { ...old.section, raw: fresh.section.raw }, config });
    return true;
  }

  /** The sections with changes that only a start applies. */
  private needRestart({ config, feeds }: PreparedHost): string[] {
    const { resilient, feeds: settings } = this.started.config;
    const sections: string[] = [];
    const { stompEnabled, logFile } = config.resilient;
    const sameSource =
      !differs(resilient.connection, config.resilient.connection, LOGIN, false) &&
      isDeepStrictEqual([resilient.stompEnabled, resilient.logFile], [stompEnabled, logFile]);
    if (!sameSource) sections.push('[resilient]');
    if (!isDeepStrictEqual(settings, config.feeds)) sections.push('[feeds]');
    for (const fresh of feeds) {
      const old = this.feeds.get(fresh.section.name);
      if (old === undefined) continue; // [feeds] says so
      const same =
        old.definition === fresh.definition &&
        isDeepStrictEqual(old.section.engine, fresh.section.engine) &&
        !differs(old.config, fresh.config, loginKeys(old, fresh), false);
      if (!same) sections.push(`[${fresh.section.name}]`);
    }
    return sections;
  }
}

function values(object: unknown): Values {
  return object as Values;
}
