import { ConfigError, FeedTokens, TargetLoadError } from '@soar-feed/core';
import { createFeedHost, onlyPackagesAtFault, PromMetrics } from '@soar-feed/core/runtime';
import type { FeedHost, HostConfig, LeveledLogger, PreparedHost } from '@soar-feed/core/runtime';
import { storeModule } from '@soar-feed/store';
import { ContainerModule } from 'inversify';
import { configFileOf } from './configFileOf.js';
import type { GlobalArgs } from './globalOptions.js';
import { hostFile } from './hostFile.js';
import { openLogFile } from './log/openLogFile.js';
import type { RotatingFile } from './log/RotatingFile.js';
import { loggerFor } from './loggerFor.js';
import type { Terminal } from './output/Terminal.js';

export interface OpenedHost {
  readonly host: FeedHost;
  readonly log: LeveledLogger;
  /** Where the log goes, too, if it was asked for and the config names one. */
  readonly logFile?: RotatingFile;
  readonly config: HostConfig;
  /** What the host counts into. */
  readonly metrics: PromMetrics;
}

export interface OpenHostOptions {
  /** Of the log, unless the command line says otherwise; default: as the config says. */
  readonly level?: 'warn';
  /** Also log to the file that the config names: for the one process that runs for long. */
  readonly toLogFile?: boolean;
}

/**
 * The host of the config file with its durable store; nothing is connected yet. The log goes to `terminal`. Throws `ConfigError` with every problem of the file, or `TargetLoadError` if
 * only packages are at fault.
 */
export async function openHost(
  args: GlobalArgs,
  terminal: Terminal,
  options: OpenHostOptions = {},
): Promise<OpenedHost> {
  const configFile = configFileOf(args);
  // The log level is in the file, which createFeedHost reads: so the log is created while the host is.
  const made: { log?: LeveledLogger; logFile?: RotatingFile | undefined; config?: HostConfig } = {};
  const metrics = new PromMetrics({ ofProcess: true });
  const modules = ({ config }: PreparedHost): readonly ContainerModule[] => {
    const level = options.level ?? config.resilient.logLevel;
    const logFile = options.toLogFile === true ? openLogFile(config) : undefined;
    const log = loggerFor(args, terminal, { level, redactor: config.redactor }, logFile);
    Object.assign(made, { log, logFile, config });
    const { stateDb, keepOutcomesMs } = config.feeds;
    return [ownModule(log, metrics), storeModule({ database: stateDb, keepOutcomes: keepOutcomesMs > 0 })];
  };
  try {
    const host = await createFeedHost({ configFile, hostFile, modules });
    const { log, logFile, config } = made;
    if (log === undefined || config === undefined) throw new Error('The host asked for no modules, so it has no log.');
    return { host, log, config, metrics, ...(logFile === undefined ? {} : { logFile }) };
  } catch (error) {
    if (!(error instanceof ConfigError) || !onlyPackagesAtFault(error)) throw error;
    throw new TargetLoadError(error.message, { code: 'target-unusable', cause: error });
  }
}

function ownModule(log: LeveledLogger, metrics: PromMetrics): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(FeedTokens.Logger).toConstantValue(log);
    bind(FeedTokens.Metrics).toConstantValue(metrics);
  });
}
