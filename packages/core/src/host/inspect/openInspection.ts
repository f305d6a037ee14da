import 'reflect-metadata';
import { SoarClient } from '@soar-feed/soar-client';
import { namingKeys } from '../../config/namingKeys.js';
import type { FeedTarget } from '../../contract/FeedTarget.js';
import type { IncidentFilter, OtherFilter } from '../../contract/IncidentFilter.js';
import type { Logger } from '../../contract/Logger.js';
import type { SourceOrg } from '../../contract/SourceOrg.js';
import type { TargetInsight } from '../../contract/TargetInsight.js';
import { checkContainer } from '../compose/hostContainer.js';
import { makeTarget } from '../compose/makeTarget.js';
import { prepareHost } from '../prepareHost.js';
import type { PrepareOptions } from '../prepareHost.js';
import type { PreparedHost } from '../PreparedHost.js';
import { InspectedSource } from './InspectedSource.js';

export interface InspectionOptions extends PrepareOptions {
  /** What targets log while they are asked. */
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Connect the source, too; without it, only what is on disk can be asked for. */
  readonly ask: boolean;
  /** Only this feed. */
  readonly feed?: string;
}

/** A feed that is asked about itself. */
export interface InspectedFeed {
  readonly name: string;
  /** Its `class`. */
  readonly type: string;
  /** Absent: its target remembers nothing that it could tell. */
  readonly insight?: TargetInsight;
  /** Absent: its target feeds every incident. Throws as `FeedTarget.incidentFilter`. */
  readonly incidentFilter?: (other?: OtherFilter) => IncidentFilter;
}

/** Feeds and source, to be read only. */
export interface Inspection {
  readonly prepared: PreparedHost;
  readonly feeds: readonly InspectedFeed[];
  /** Absent unless it was to be asked. */
  readonly source?: InspectedSource;
  close(): Promise<void>;
}

/**
 * Makes the targets of a config without opening them, so that they can be asked about themselves, also beside a running
 * host. Throws `ConfigError` and what connecting the source throws.
 */
export async function openInspection(options: InspectionOptions): Promise<Inspection> {
  const prepared = await prepareHost(options);
  const { feed: only, log, signal } = options;
  const source = options.ask ? await connect(prepared, signal) : undefined;
  const container = checkContainer(source?.reader ?? unasked(prepared), log);
  const targets: FeedTarget[] = [];
  const feeds = prepared.feeds
    .filter(({ section }) => only === undefined || section.name === only)
    .map(({ section: { name }, config, definition }): InspectedFeed => {
      const target = makeTarget(container, { name, config, log: log.child({ feed: name }) }, definition);
      targets.push(target);
      const insight = target.insight?.();
      const incidentFilter = target.incidentFilter?.bind(target);
      return {
        ...{ name, type: definition.type },
        ...(insight === undefined ? {} : { insight }),
        ...(incidentFilter === undefined ? {} : { incidentFilter }),
      };
    });
  return {
    ...{ prepared, feeds },
    ...(source === undefined ? {} : { source }),
    async close() {
      for (const { insight } of feeds) await insight?.close();
      // They were never open: nothing can be lost.
      for (const target of targets) await target.close().catch(() => undefined);
      await source?.close();
    },
  };
}

async function connect({ config }: PreparedHost, signal: AbortSignal): Promise<InspectedSource> {
  const { connection } = config.resilient;
  const client = await SoarClient.connect(connection, { signal }).catch((error: unknown) => {
    throw namingKeys(error, 'resilient', connection);
  });
  return new InspectedSource(client, config.feeds.emails);
}

/** A source that is not asked: what a target remembers can be read without it. */
export function unasked({ config }: Pick<PreparedHost, 'config'>, problem = 'it is not asked'): SourceOrg {
  const away = () => Promise.reject(new Error(`The source is away: ${problem}`));
  return { host: config.resilient.connection.host, orgId: 0, orgName: '', types: away, fetch: away };
}
