import type { ConfigIssue } from '../contract/errors.js';
import { ConfigError, FeedError } from '../contract/errors.js';
import type { FeedTargetPackage } from '../contract/FeedTargetPackage.js';
import type { FeedSection, HostConfig } from '../config/loadHostConfig.js';
import { loadHostConfig, validateFeedSection } from '../config/loadHostConfig.js';
import type { DiscoveredTarget } from './discoverTargets.js';
import { discoverTargets, targetFor } from './discoverTargets.js';
import { loadTarget } from './loadTarget.js';
import { sharedFiles } from './sharedFiles.js';

/** A feed whose package is loaded and whose section its schema took. */
export interface PreparedFeed {
  readonly section: FeedSection;
  readonly target: DiscoveredTarget;
  readonly definition: FeedTargetPackage;
  /** The section's value by the package's own schema. */
  readonly config: unknown;
}

export interface PreparedHost {
  readonly config: HostConfig;
  readonly feeds: readonly PreparedFeed[];
  readonly warnings: readonly ConfigIssue[];
}

export interface PrepareOptions {
  readonly configFile: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** See `DiscoveryOptions.hostFile`. */
  readonly hostFile?: string;
}

/**
 * Everything that can be known before the first connection: the file, the packages its feeds need, and each section by
 * its package's schema. Throws one `ConfigError` with every problem; imports only packages that a named feed needs.
 */
export async function prepareHost(options: PrepareOptions): Promise<PreparedHost> {
  const config = loadHostConfig(options.configFile, options.env ?? process.env);
  const issues: ConfigIssue[] = [];
  const warnings: ConfigIssue[] = [...config.warnings];
  const targets = collect(issues, { section: 'feeds', key: 'target_packages' }, () =>
    discoverTargets({
      configFile: config.file,
      targetPackages: config.feeds.targetPackages,
      ...(options.hostFile === undefined ? {} : { hostFile: options.hostFile }),
    }),
  );
  const feeds: PreparedFeed[] = [];
  for (const section of config.sections.values()) {
    const where = { section: section.name, key: 'class' };
    const target = targets && collect(issues, where, () => targetFor(section.engine.className, targets));
    const definition = target && (await collectAsync(issues, where, () => loadTarget(target)));
    if (target === undefined || definition === undefined) continue;
    const result = validateFeedSection(config, section, definition.config);
    issues.push(...result.issues);
    warnings.push(...result.warnings);
    if (result.ok) feeds.push({ section, target, definition, config: result.value });
  }
  issues.push(...(await sharedFiles(config, feeds)));
  if (issues.length > 0) throw new ConfigError(issues, config.file);
  return { config, feeds, warnings };
}

type Where = Pick<ConfigIssue, 'section' | 'key'>;

function collect<T>(issues: ConfigIssue[], where: Where, action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    issues.push(asIssue(error, where));
    return undefined;
  }
}

async function collectAsync<T>(issues: ConfigIssue[], where: Where, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    issues.push(asIssue(error, where));
    return undefined;
  }
}

/** Only what the file or a package is to blame for; a fault of ours goes on. */
function asIssue(error: unknown, where: Where): ConfigIssue {
  if (FeedError.is(error) && error.kind === 'target-load')
    return { ...where, problem: error.message, code: error.code };
  throw error;
}
