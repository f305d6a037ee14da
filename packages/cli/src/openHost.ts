import type { Logger } from '@soar-feed/core';
import { ConfigError, FeedTokens, TargetLoadError } from '@soar-feed/core';
import { createFeedHost, onlyPackagesAtFault } from '@soar-feed/core/runtime';
import type { FeedHost, PreparedHost } from '@soar-feed/core/runtime';
import { storeModule } from '@soar-feed/store';
import { ContainerModule } from 'inversify';
import { configFileOf } from './configFileOf.js';
import type { GlobalArgs } from './globalOptions.js';
import { hostFile } from './hostFile.js';
import { loggerFor } from './loggerFor.js';
import type { Terminal } from './output/Terminal.js';

export interface OpenedHost {
  readonly host: FeedHost;
  readonly log: Logger;
}

/**
 * The host of the config file with its durable store; nothing is connected yet. The log goes to `terminal`, from
 * `level` on unless the command line says otherwise. Throws `ConfigError` with every problem of the file, or
 * `TargetLoadError` where only packages are to blame.
 */
export async function openHost(args: GlobalArgs, terminal: Terminal, level?: 'warn'): Promise<OpenedHost> {
  const configFile = configFileOf(args);
  // The log's level stands in the file, which createFeedHost reads: the log is made while the host is.
  const made: { log?: Logger } = {};
  const modules = ({ config }: PreparedHost): readonly ContainerModule[] => {
    const log = loggerFor(args, terminal, { level: level ?? config.resilient.logLevel, redactor: config.redactor });
    made.log = log;
    const { stateDb, keepOutcomesMs } = config.feeds;
    return [loggerModule(log), storeModule({ database: stateDb, keepOutcomes: keepOutcomesMs > 0 })];
  };
  try {
    const host = await createFeedHost({ configFile, hostFile, modules });
    if (made.log === undefined) throw new Error('The host asked for no modules, so it has no log.');
    return { host, log: made.log };
  } catch (error) {
    if (!(error instanceof ConfigError) || !onlyPackagesAtFault(error)) throw error;
    throw new TargetLoadError(error.message, { code: 'target-unusable', cause: error });
  }
}

function loggerModule(log: Logger): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(FeedTokens.Logger).toConstantValue(log);
  });
}
