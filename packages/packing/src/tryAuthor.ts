import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { install } from './install.js';
import { REPOSITORY } from './repository.js';
import type { Manifest } from './repository.js';
import { isForAuthors, withoutOurs } from './tarballs.js';
import { tryRunners } from './tryRunners.js';

/** The last line that runs on Node 20. */
const VITEST = 'vitest@^3.2.0';
const EXAMPLE = join(REPOSITORY, 'examples', 'custom-target');

/**
 * Tries what docs/write-a-target.md says: in a folder of their own, the example's files compile, pass their tests and
 * are found by the command in `operator`.
 */
export async function tryAuthor(folder: string, tarballs: readonly string[], operator: string): Promise<void> {
  const manifest = withoutOurs(JSON.parse(readFileSync(join(EXAMPLE, 'package.json'), 'utf8')) as Manifest);
  await install(folder, ['--save-dev', VITEST, ...tarballs.filter(isForAuthors)], manifest);
  for (const name of ['src', 'test', 'tsconfig.json', 'jest.config.mjs', 'app.config']) {
    cpSync(join(EXAMPLE, name), join(folder, name), { recursive: true });
  }
  await callAs(folder, ['npm', 'run', 'build']);
  await callAs(folder, ['npm', 'test', '--', '--testPathIgnorePatterns', 'docs.test'], { says: /Tests: +\d+ passed/ });
  await tryRunners(folder);
  // An operator whose config names the new target.
  const configFile = join(folder, 'app.config');
  writeFileSync(configFile, '[resilient]\n[feeds]\nfeed_names=a\ntarget_packages=.\n[a]\nclass=my-webhook\n');
  const command = join(operator, 'node_modules', '@soar-feed', 'cli', 'bin', 'soar-feed.js');
  await callAs(folder, [process.execPath, command, 'targets', '--config', configFile], {
    says: /example-custom-target/,
  });
}
