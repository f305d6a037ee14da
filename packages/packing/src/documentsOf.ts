import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { linksOf } from './relink.js';

/**
 * The documents of the repository's `docs` that a package's README links to, directly or through one another: from
 * their place (absolute) to their place in the package.
 */
export function documentsOf(folder: string, repository: string): ReadonlyMap<string, string> {
  const docs = join(repository, 'docs');
  const found = new Map<string, string>();
  const read = (file: string): void => {
    for (const link of linksOf(readFileSync(file, 'utf8'))) {
      const meant = resolve(dirname(file), link);
      if (dirname(meant) !== docs || !meant.endsWith('.md') || found.has(meant) || !existsSync(meant)) continue;
      found.set(meant, `docs/${basename(meant)}`);
      read(meant);
    }
  };
  read(join(folder, 'README.md'));
  return found;
}
