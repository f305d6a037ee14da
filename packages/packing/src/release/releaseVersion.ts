import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The one version that lerna keeps for all packages. */
export function releaseVersion(repository: string): string {
  const { version } = JSON.parse(readFileSync(join(repository, 'lerna.json'), 'utf8')) as { readonly version: string };
  return version;
}
