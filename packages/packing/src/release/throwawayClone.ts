import { existsSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from '../call.js';
import { REPOSITORY } from '../repository.js';

const SCOPE = '@soar-feed';

/**
 * Clones the last commit, on a branch `main`, with the modules installed here. Our own packages are the clone's, so it
 * builds and packs nothing but itself.
 */
export async function throwawayClone(folder: string): Promise<void> {
  await callAs(REPOSITORY, ['git', 'clone', '--quiet', '--no-hardlinks', REPOSITORY, folder]);
  await callAs(folder, ['git', 'checkout', '--quiet', '-B', 'main']);
  for (const [name, value] of [
    ['user.name', 'Release dry run'],
    ['user.email', 'release@localhost'],
  ] as const) {
    await callAs(folder, ['git', 'config', name, value]);
  }
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, SCOPE), { recursive: true });
  for (const name of readdirSync(join(REPOSITORY, 'node_modules'))) {
    if (name !== SCOPE) symlinkSync(join(REPOSITORY, 'node_modules', name), join(modules, name));
  }
  for (const name of readdirSync(join(folder, 'packages'))) {
    symlinkSync(join(folder, 'packages', name), join(modules, SCOPE, name));
    const own = join(REPOSITORY, 'packages', name, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(folder, 'packages', name, 'node_modules'));
  }
}
