import type { Logger } from '@soar-feed/core';
import { ConfigError, FeedTokens, TargetLoadError } from '@soar-feed/core';
import { createFeedHost, onlyPackagesAtFault, PromMetrics } from '@soar-feed/core/runtime';
import type { FeedHost, HostConfig, PreparedHost } from '@soar-feed/core/runtime';
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
  readonly config: HostConfig;
  /** What the host counts into. */
  readonly metrics: PromMetrics;
}

/**
 * The host of the config file with its durable store; nothing is connected yet. The log goes to `terminal`, at `level`
 * unless the command line says otherwise. Throws `ConfigError` with every problem of the file, or `TargetLoadError` if
 * only packages are at fault.
 */
export async function openHost(args: GlobalArgs, terminal: Terminal, level?: 'warn'): Promise<OpenedHost> {
  const configFile = configFileOf(args);
  // The log level is in the file, which createFeedHost reads: so the log is created while the host is.
  const made: { log?: Logger; config?: HostConfig } = {};
  const metrics = new PromMetrics({ ofProcess: true });
  const modules = ({ config }: PreparedHost): readonly ContainerModule[] => {
    const log = loggerFor(args, terminal, { level: level ?? config.resilient.logLevel, redactor: config.redactor });
    Object.assign(made, { log, config });
    const { stateDb, keepOutcomesMs } = config.feeds;
    return [ownModule(log, metrics), storeModule({ database: stateDb, keepOutcomes: keepOutcomesMs > 0 })];
  };
  try {
    const host = await createFeedHost({ configFile, hostFile, modules });
    const { log, config } = made;
    if (log === undefined || config === undefined) throw new Error('The host asked for no modules, so it has no log.');
    return { host, log, config, metrics };
  } catch (error) {
    if (!(error instanceof ConfigError) || !onlyPackagesAtFault(error)) throw error;
    throw new TargetLoadError(error.message, { code: 'target-unusable', cause: error });
  }
}

function ownModule(log: Logger, metrics: PromMetrics): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(FeedTokens.Logger).toConstantValue(log);
    bind(FeedTokens.Metrics).toConstantValue(metrics);
  });
}
