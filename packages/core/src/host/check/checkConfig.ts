import { loadHostConfig } from '../../config/loadHostConfig.js';
import { ConfigError } from '../../contract/errors.js';
import type { ConfigIssue } from '../../contract/errors.js';
import type { PreparedHost, PrepareOptions } from '../prepareHost.js';
import { prepareHost } from '../prepareHost.js';
import type { CheckLine } from './CheckLine.js';

/** The file and the packages it names; gives the prepared host when both are sound. */
export async function* checkConfig(options: PrepareOptions): AsyncGenerator<CheckLine, PreparedHost | undefined> {
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

/**
 * Whether the file itself is sound, and only the packages it names are to blame. Both come in one report, since a person
 * wants all of it at once; who needs to tell them apart asks here.
 */
export function onlyPackagesAtFault(error: ConfigError, options: PrepareOptions): boolean {
  return isSound(options) && error.issues.every(isPackageIssue);
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
