import { existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The targets of the worlds. */
const INSTALLED = ['@soar-feed/resilient-feed', '@soar-feed/file-feed'] as const;

/**
 * A folder in which nothing but the targets is installed, beside the host: a start reads the manifest of every package there, and
 * a repository has a thousand. Returns the host's own file.
 */
export function installHost(folder: string): string {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, '@soar-feed'), { recursive: true });
  for (const name of INSTALLED) symlinkSync(packageOf(name), join(modules, name));
  return join(folder, 'host.js');
}

function packageOf(name: string): string {
  let folder = dirname(fileURLToPath(import.meta.resolve(name)));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
