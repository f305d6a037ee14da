import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute. */
export const REPOSITORY = resolve(fileURLToPath(new URL('../../../', import.meta.url)));

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly repository?: { readonly url: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The repository's public address, as its manifest says. */
export function addressOf(folder: string): string {
  const url = manifestOf(folder).repository?.url ?? '';
  return url.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Folders of the packages that go to npm. */
export function publishedFolders(): readonly string[] {
  return readdirSync(join(REPOSITORY, 'packages'))
    .map((name) => join(REPOSITORY, 'packages', name))
    .filter((folder) => manifestOf(folder).private !== true);
}
