import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { install } from './install.js';
import type { Manifest } from './repository.js';
import { isForAuthors, nameOfTarball, withoutOurs } from './tarballs.js';

/**
 * Tries what an author does in the first minute: makes a project with the packed command, installs, lints, tests and
 * simulates. Ours come as tarballs: they may not be on npm yet.
 */
export async function tryScaffold(folder: string, tarballs: readonly string[], language: Language): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const scaffolder = tarballs.filter((tarball) => nameOfTarball(tarball) === '@soar-feed/create-feed-target');
  const options = language === 'javascript' ? ['--javascript'] : [];
  const npx = ['npm', 'exec', '--yes', ...scaffolder.map((tarball) => `--package=${tarball}`), '--'] as const;
  await callAs(folder, [...npx, 'create-feed-target', 'my-target', ...options], { says: /npm install/ });
  const project = join(folder, 'my-target');
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as Manifest;

  const wanted = Object.keys({ ...manifest.peerDependencies, ...manifest.devDependencies });
  const ours = tarballs.filter(isForAuthors);
  const missing = wanted.filter(
    (name) => name.startsWith('@soar-feed/') && !ours.some((one) => nameOfTarball(one) === name),
  );
  if (missing.length > 0) throw new Error(`The project depends on ${missing.join(', ')}, which were not packed.`);
  await install(project, ['--save-dev', ...ours], withoutOurs(manifest));

  await callAs(project, ['npm', 'run', 'lint']);
  await callAs(project, ['npm', 'test'], { says: /FeedTarget JsonLines: \d+ scenarios held, 0 failed/ });
  await callAs(project, ['npm', 'run', 'simulate'], { says: /Live: 50 operations, all delivered/ });
  await callAs(project, ['npm', 'pack', '--dry-run'], {
    says: language === 'javascript' ? /src\/index\.js/ : /dist\/index\.d\.ts/,
  });
}

export type Language = 'typescript' | 'javascript';
