import { basename } from 'node:path';
import { UsageError } from './UsageError.js';

/** Words that `class=` may say for a target of soar-feed's own; a test keeps the list whole. */
export const TAKEN_TYPES: readonly string[] = [
  ...['file', 'FileFeed', 'resilient', 'ResilientFeed', 'sql', 'ODBCFeed', 'SQLiteFeed', 'elastic', 'ElasticFeed'],
  ...['kafka', 'KafkaFeed', 'splunk', 'SplunkHECFeed', 'webhook'],
];

export interface Names {
  /** Of the package, as npm allows it. */
  readonly packageName: string;
  /** What `class=` says. */
  readonly type: string;
  /** As it was given, or the package's name without its scope. */
  readonly folder: string;
}

const PACKAGE_NAME = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/;
const SCOPED = /^@[^/\\]+\/[^/\\]+$/;
const TYPE = /^[a-z][a-z0-9-]*$/;

/**
 * The names of a project. `place` is a folder, whose last part is the package's name, or a package's name with a scope.
 * Throws `UsageError` for a name that npm or soar-feed does not take.
 */
export function namesFor(place: string, asked: { readonly type?: string | undefined } = {}): Names {
  const isScoped = SCOPED.test(place);
  const packageName = isScoped ? place : basename(place);
  const bare = packageName.replace(/^@[^/]*\//, '');
  if (packageName.length > 214 || !PACKAGE_NAME.test(packageName) || bare === 'node_modules') {
    throw new UsageError(
      `${JSON.stringify(packageName)} cannot be the name of a package: lower-case letters, digits, "-", "_" and ".", ` +
        'beginning with a letter or digit, at most 214 characters; with a scope: @scope/name.',
    );
  }
  const type =
    asked.type ??
    bare
      .replace(/[._]/g, '-')
      .replace(/-(feed|target)$/, '')
      .replace(/^(soar-feed|feed)-/, '');
  if (type.length > 60 || !TYPE.test(type)) {
    throw new UsageError(
      `${JSON.stringify(type)} cannot be a type: lower-case letters, digits and "-", beginning with a letter, at most 60. ` +
        'Name one with --type.',
    );
  }
  if (TAKEN_TYPES.some((taken) => taken.toLowerCase() === type)) {
    throw new UsageError(`The type "${type}" belongs to a target of soar-feed; name another with --type.`);
  }
  return { packageName, type, folder: isScoped ? bare : place };
}
