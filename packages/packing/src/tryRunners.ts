import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { REPOSITORY } from './repository.js';

const CASE = join(REPOSITORY, 'packages', 'feed-testkit', 'test', 'runner', 'fixtures', 'memory.test.mjs');
const HELD = /FeedTarget Memory: \d+ scenarios held, 0 failed/;

/**
 * Tries the installed kit under the other runners that it promises: the same file with `node:test`, and with Vitest, both
 * without a set-up. `folder` has the packages, and Vitest.
 */
export async function tryRunners(folder: string): Promise<void> {
  const tests = join(folder, 'runners');
  mkdirSync(tests);
  cpSync(CASE, join(tests, 'memory.test.mjs'));
  writeFileSync(join(tests, 'vitest.config.mjs'), 'export default {};\n');
  await callAs(folder, [process.execPath, '--test', 'runners/memory.test.mjs'], { says: HELD });
  const vitest = join('node_modules', 'vitest', 'vitest.mjs');
  const run = [process.execPath, vitest, 'run', '--root', 'runners'] as const;
  await callAs(folder, [...run], { says: HELD });
  // A target that breaks a promise fails there, in words.
  await callAs(folder, [...run], { code: 1, says: /The target must take the upsert/, env: { BREAK: 'yes' } });
}
