import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { install } from './install.js';
import type { Manifest } from './repository.js';
import { shownCommands } from './shownCommands.js';
import { isForAuthors, nameOfTarball, withoutOurs } from './tarballs.js';

export type Language = 'typescript' | 'javascript';

/** What each command must say. */
const SAYS: Readonly<Record<string, RegExp>> = {
  'npm run lint': /eslint/,
  'npm test': /FeedTarget JsonLines: \d+ scenarios held, 0 failed/,
  'npm run simulate': /Live: 50 operations, all delivered/,
};
const CREATE = 'npm create @soar-feed/feed-target my-target';

/**
 * Tries what an author does in the first minute: runs the commands of docs/write-a-target.md with the packed packages,
 * which may not be on npm yet.
 */
export async function tryScaffold(folder: string, tarballs: readonly string[], language: Language): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const project = join(folder, 'my-target');
  for (const command of shownCommands()) {
    if (command === CREATE) await create(folder, tarballs, language);
    else if (command === 'npm install') await installProject(project, tarballs);
    else if (command !== 'cd my-target') await callAs(project, words(command), { says: saidBy(command) });
  }
  const packed = language === 'javascript' ? /src\/index\.js/ : /dist\/index\.d\.ts/;
  await callAs(project, ['npm', 'pack', '--dry-run'], { says: packed });
}

/** As `npm create` does, with the tarball instead of the package on npm. */
async function create(folder: string, tarballs: readonly string[], language: Language): Promise<void> {
  const scaffolder = tarballs.filter((tarball) => nameOfTarball(tarball) === '@soar-feed/create-feed-target');
  const npx = ['npm', 'exec', '--yes', ...scaffolder.map((tarball) => `--package=${tarball}`), '--'] as const;
  const options = language === 'javascript' ? ['--javascript'] : [];
  await callAs(folder, [...npx, 'create-feed-target', 'my-target', ...options], { says: /npm install/ });
}

async function installProject(project: string, tarballs: readonly string[]): Promise<void> {
  const manifest = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8')) as Manifest;
  const wanted = Object.keys({ ...manifest.peerDependencies, ...manifest.devDependencies });
  const ours = tarballs.filter(isForAuthors);
  const packed = ours.map(nameOfTarball);
  const missing = wanted.filter((name) => name.startsWith('@soar-feed/') && !packed.includes(name));
  if (missing.length > 0) throw new Error(`The project depends on ${missing.join(', ')}, which were not packed.`);
  await install(project, ['--save-dev', ...ours], withoutOurs(manifest));
}

function saidBy(command: string): RegExp {
  const says = SAYS[command];
  if (says === undefined) throw new Error(`docs/write-a-target.md shows "${command}", which is not tried.`);
  return says;
}

function words(command: string): [string, ...string[]] {
  return command.split(' ') as [string, ...string[]];
}
