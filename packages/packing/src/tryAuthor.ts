import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { install } from './install.js';
import { REPOSITORY } from './repository.js';
import type { Manifest } from './repository.js';
import { withoutOurs } from './tarballs.js';
import { tryRunners } from './tryRunners.js';

/** The last line that runs on Node 20. */
const VITEST = 'vitest@^3.2.0';
const EXAMPLE = join(REPOSITORY, 'examples', 'custom-target');

/**
 * Tries what docs/write-a-target.md says: in a folder of their own, the example's files compile, pass their tests and
 * are found.
 */
export async function tryAuthor(folder: string, tarballs: readonly string[]): Promise<void> {
  const manifest = withoutOurs(JSON.parse(readFileSync(join(EXAMPLE, 'package.json'), 'utf8')) as Manifest);
  await install(folder, ['--save-dev', VITEST, ...tarballs], manifest);
  for (const name of ['src', 'test', 'tsconfig.json', 'jest.config.mjs', 'app.config']) {
    cpSync(join(EXAMPLE, name), join(folder, name), { recursive: true });
  }
  await callAs(folder, ['npm', 'run', 'build']);
  await callAs(folder, ['npm', 'test', '--', '--testPathIgnorePatterns', 'docs.test'], { says: /Tests: +\d+ passed/ });
  await tryRunners(folder);
  // An operator's folder that depends on the new target.
  const target = join(folder, 'node_modules', '.bin', 'soar-feed');
  writeFileSync(
    join(folder, 'app.config'),
    '[resilient]\n[feeds]\nfeed_names=a\ntarget_packages=.\n[a]\nclass=webhook\n',
  );
  await callAs(folder, [target, 'targets'], { says: /webhook/ });
}
