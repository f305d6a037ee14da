import { ConfigError } from '../../contract/errors.js';
import type { ConfigIssue } from '../../contract/errors.js';
import type { PreparedHost } from '../PreparedHost.js';
import type { PrepareOptions } from '../prepareHost.js';
import { prepareHost } from '../prepareHost.js';
import type { CheckLine } from './CheckLine.js';
import { sentence } from './CheckLine.js';

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
    for (const issue of error.warnings) yield { subject: 'config', state: 'warn', detail: sentence(issue) };
    for (const issue of error.issues) {
      yield {
        subject: isPackageIssue(issue) ? 'packages' : 'config',
        state: 'fail',
        detail: sentence(issue),
        code: issue.code ?? error.code,
      };
    }
    return undefined;
  }
}

/** Whether the file itself is fine and only the packages it names are to blame. */
export function onlyPackagesAtFault(error: ConfigError): boolean {
  return error.issues.every(isPackageIssue);
}

function isPackageIssue({ code }: ConfigIssue): boolean {
  return code !== undefined;
}
