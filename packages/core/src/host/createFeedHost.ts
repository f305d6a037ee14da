import 'reflect-metadata';
import type { ContainerModule } from 'inversify';
import { createLogger } from '../telemetry/createLogger.js';
import { hostContainer } from './compose/hostContainer.js';
import { makeFeeds } from './compose/makeFeeds.js';
import type { AroundTarget } from './compose/makeFeeds.js';
import { makeRunning } from './compose/makeRunning.js';
import { FeedHost } from './FeedHost.js';
import { HostQueue } from './HostQueue.js';
import type { PreparedHost } from './PreparedHost.js';
import type { PrepareOptions } from './prepareHost.js';
import { prepareHost } from './prepareHost.js';

export interface HostOptions extends PrepareOptions {
  /** Rebind Store, Logger, Metrics, Clock or Dial; called once the config is read. */
  readonly modules?: (prepared: PreparedHost) => readonly ContainerModule[];
}

/**
 * The composition root: reads the config, loads the targets and wires a host; nothing is connected before its `start`.
 * Without a module that binds a store, parked events are kept in memory and are gone with the process.
 * Throws `ConfigError` with every problem of the file and its packages.
 */
export async function createFeedHost(options: HostOptions): Promise<FeedHost> {
  const prepared = await prepareHost(options);
  return hostOf(prepared, options.modules?.(prepared) ?? [], { prepareAgain: () => prepareHost(options) });
}

export interface HostTurns {
  /** Puts something between the feeds and their targets. */
  readonly around?: AroundTarget;
  /** Reads the config again; default: it stays as it is. */
  readonly prepareAgain?: () => Promise<PreparedHost>;
}

/** A host of a config that was read. */
export function hostOf(
  prepared: PreparedHost,
  modules: readonly ContainerModule[],
  { around, prepareAgain = () => Promise.resolve(prepared) }: HostTurns = {},
): FeedHost {
  const { resilient, feeds: settings } = prepared.config;
  const basics = hostContainer({
    log: () => createLogger({ format: 'json', level: resilient.logLevel, redactor: prepared.config.redactor }),
    modules,
  });
  const queue = new HostQueue({ ...basics, connection: resilient.connection, queueName: settings.queue });
  return new FeedHost(prepared, {
    ...basics,
    queue,
    prepareAgain,
    makeRunning: (context, current) =>
      makeRunning(current.config, basics, context, (source) => makeFeeds(current, basics, source, context, around)),
  });
}
