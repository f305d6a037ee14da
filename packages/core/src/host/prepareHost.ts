import type { ConfigIssue } from '../contract/errors.js';
import { ConfigError, FeedError } from '../contract/errors.js';
import { surveyHostConfig, validateFeedSection } from '../config/loadHostConfig.js';
import { discoverTargets, targetFor } from './discoverTargets.js';
import { loadTarget } from './loadTarget.js';
import { uncheckedCertificates } from './uncheckedCertificates.js';
import { sharedFiles } from './sharedFiles.js';
import type { PreparedFeed, PreparedHost } from './PreparedHost.js';
import { uncheckedServers } from './uncheckedServers.js';

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
  const survey = surveyHostConfig(options.configFile, options.env ?? process.env);
  const { host: config } = survey;
  const issues: ConfigIssue[] = [...survey.issues];
  const warnings: ConfigIssue[] = [...survey.warnings];
  const targets = collect(issues, { section: 'feeds', key: 'target_packages' }, () =>
    discoverTargets({
      configFile: survey.file,
      targetPackages: survey.targetPackages,
      ...(options.hostFile === undefined ? {} : { hostFile: options.hostFile }),
    }),
  );
  const feeds: PreparedFeed[] = [];
  for (const values of survey.feeds) {
    const where = { section: values.name, key: 'class' };
    const target = targets && collect(issues, where, () => targetFor(values.className, targets));
    const definition = target && (await collectAsync(issues, where, () => loadTarget(target)));
    if (target === undefined || definition === undefined) continue;
    const result = validateFeedSection(survey, values, definition.config);
    issues.push(...result.issues);
    warnings.push(...result.warnings);
    const section = config?.sections.get(values.name);
    if (result.ok && section !== undefined) feeds.push({ section, target, definition, config: result.value });
  }
  if (config !== undefined) issues.push(...(await sharedFiles(config, feeds)));
  if (config === undefined || issues.length > 0) throw new ConfigError(issues, survey.file, warnings);
  const prepared = { config, feeds };
  const unchecked = [...uncheckedCertificates(prepared), ...uncheckedServers(prepared)];
  return { ...prepared, warnings: [...warnings, ...unchecked] };
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

/** Collects only what the file or a package is to blame for; a bug of ours is thrown. */
function asIssue(error: unknown, where: Where): ConfigIssue {
  if (FeedError.is(error) && error.kind === 'target-load')
    return { ...where, problem: error.message, code: error.code };
  throw error;
}
