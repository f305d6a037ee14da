import { basename } from 'node:path';
import type { Manifest } from './repository.js';

/** `@soar-feed/core`, of `soar-feed-core-0.1.0.tgz`. */
export function nameOfTarball(file: string): string | undefined {
  const [, name] = /^soar-feed-(.+)-\d+\.\d+\.\d+.*\.tgz$/.exec(basename(file)) ?? [];
  return name === undefined ? undefined : `@soar-feed/${name}`;
}

/** A manifest without our own packages, which come as tarballs: they may not be on npm yet. */
export function withoutOurs(manifest: Manifest): Manifest {
  const strange = (dependencies: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(dependencies).filter(([name]) => !name.startsWith('@soar-feed/')));
  return {
    ...manifest,
    dependencies: strange(manifest.dependencies),
    peerDependencies: strange(manifest.peerDependencies),
    devDependencies: strange(manifest.devDependencies),
  };
}

const FOR_AUTHORS = ['core', 'soar-client', 'feed-testkit', 'soar-simulator'].map((name) => `@soar-feed/${name}`);

/** Whether a tarball is one that the project of a target needs, with what that depends on. */
export function isForAuthors(tarball: string): boolean {
  return FOR_AUTHORS.includes(nameOfTarball(tarball) ?? '');
}
