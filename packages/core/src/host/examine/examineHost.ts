import 'reflect-metadata';
import { SoarClient } from '@soar-feed/soar-client';
import type { ConfigurationDto } from '@soar-feed/soar-client';
import { namingKeys } from '../../config/namingKeys.js';
import type { Examination, ExamineContext, Finding } from '../../contract/Examination.js';
import { ConfigError } from '../../contract/errors.js';
import type { SoarObject } from '../../contract/FeedEvent.js';
import type { Logger } from '../../contract/Logger.js';
import { configurationOf } from '../../customize/configurationOf.js';
import { checkContainer } from '../compose/hostContainer.js';
import { makeTarget } from '../compose/makeTarget.js';
import { InspectedSource } from '../inspect/InspectedSource.js';
import type { PreparedFeed } from '../PreparedHost.js';
import { prepareHost } from '../prepareHost.js';
import type { PrepareOptions } from '../prepareHost.js';
import { byGravity } from './byGravity.js';
import { sourceFindings } from './sourceFindings.js';

export interface ExamineOptions extends PrepareOptions {
  /** What targets log while they are asked. */
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Only this feed; default: all. */
  readonly feed?: string;
}

export interface ExaminedFeed {
  readonly name: string;
  /** Its `class`. */
  readonly type: string;
  /** The worst first. Absent: its target cannot compare itself with the source. */
  readonly findings?: readonly Finding[];
  /** An import that adds what its organization lacks. */
  readonly configuration?: ConfigurationDto;
}

export interface HostExamination {
  readonly source: {
    readonly name: string;
    readonly id: number;
    readonly host: string;
    readonly findings: readonly Finding[];
  };
  readonly feeds: readonly ExaminedFeed[];
}

/**
 * Compares the source with what the feed needs of it, and with each target, before anything is written; reads only.
 * Throws `ConfigError`, and SoarApiError if an organization does not answer.
 */
export async function examineHost(options: ExamineOptions): Promise<HostExamination> {
  const { log, signal, feed: only } = options;
  const { config, feeds } = await prepareHost(options);
  const chosen = feeds.filter(({ section }) => only === undefined || section.name === only);
  if (only !== undefined && chosen.length === 0) {
    const known = feeds.map(({ section }) => section.name).join(', ');
    throw new ConfigError(
      [{ section: only, problem: `is no feed of this file; its feeds are: ${known}` }],
      config.file,
    );
  }
  const { connection } = config.resilient;
  const client = await SoarClient.connect(connection, { signal }).catch((error: unknown) => {
    throw namingKeys(error, 'resilient', connection);
  });
  const source = new InspectedSource(client, config.feeds.emails);
  try {
    const findings = await sourceFindings(client, config, signal);
    const context = { signal, ...(await beyondTypes(client, signal)) };
    const examined: ExaminedFeed[] = [];
    for (const feed of chosen) examined.push(await examineFeed(feed, source, context, log));
    const { org, host } = client;
    return { source: { name: org.name, id: org.id, host, findings: byGravity(findings) }, feeds: examined };
  } finally {
    await source.close();
  }
}

async function examineFeed(
  { section: { name }, config, definition }: PreparedFeed,
  source: InspectedSource,
  context: ExamineContext,
  log: Logger,
): Promise<ExaminedFeed> {
  const container = checkContainer(source.reader, log);
  const target = makeTarget(container, { name, config, log: log.child({ feed: name }) }, definition);
  try {
    const examined = await target.examine?.(context);
    return { name, type: definition.type, ...(examined === undefined ? {} : reportOf(examined)) };
  } finally {
    // It was never open: nothing can be lost.
    await target.close().catch(() => undefined);
  }
}

function reportOf({ findings, lacks = {} }: Examination): Pick<ExaminedFeed, 'findings' | 'configuration'> {
  const isWhole = Object.keys(lacks).length === 0;
  return { findings: byGravity(findings), ...(isWhole ? {} : { configuration: configurationOf(lacks) }) };
}

/** What targets compare and the types do not tell; each is left out if the source does not show it. */
async function beyondTypes(client: SoarClient, signal: AbortSignal): Promise<Omit<ExamineContext, 'signal'>> {
  const constants = await client.rest.get<SoarObject>('/const', { scope: 'rest', signal }).catch(() => undefined);
  const artifactTypes = await client.artifactTypes.all({ signal }).catch(() => undefined);
  return {
    ...(constants === undefined ? {} : { constants }),
    ...(artifactTypes === undefined ? {} : { artifactTypes }),
  };
}
