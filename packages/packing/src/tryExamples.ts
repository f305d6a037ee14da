import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { callAs } from './call.js';
import { manifestOf, REPOSITORY } from './repository.js';

const EXAMPLES = join(REPOSITORY, 'examples');
/** What the tests of the examples run with, at the versions of the repository. */
const TOOLS = ['@jest/globals', '@types/node', 'jest', 'typescript'];

const tsconfig = {
  compilerOptions: {
    ...{ target: 'ES2023', module: 'nodenext', strict: true, skipLibCheck: true, types: ['node'] },
    ...{ rootDir: 'src', outDir: 'dist' },
  },
  include: ['src'],
};

const jestConfig = `import base from '@soar-feed/feed-testkit/jest';
export default { ...base, testTimeout: 180_000, maxWorkers: 1, forceExit: true,
  // The one compares documents of the repository, the others need servers and its doubles of them: CI runs both there.
  testPathIgnorePatterns: [...base.testPathIgnorePatterns, 'docs\\\\.test', '\\\\.service\\\\.test'] };
`;

/**
 * Compiles every example with the packed packages alone, and runs its tests: they start the example's own program.
 * `folder` is an operator's, with all packages installed.
 */
export async function tryExamples(folder: string): Promise<void> {
  const { devDependencies = {} } = manifestOf(REPOSITORY);
  const { inversify = '*' } = manifestOf(join(REPOSITORY, 'packages', 'core')).peerDependencies ?? {};
  const tools = TOOLS.map((name) => `${name}@${devDependencies[name] ?? 'latest'}`);
  await callAs(folder, ['npm', 'install', '--no-audit', '--no-fund', ...tools, `inversify@${inversify}`]);
  writeFileSync(join(folder, 'jest.config.mjs'), jestConfig);
  for (const name of readdirSync(EXAMPLES)) {
    const place = join(folder, 'examples', name);
    mkdirSync(place, { recursive: true });
    for (const part of ['package.json', 'src', 'test', 'app.config']) {
      const from = join(EXAMPLES, name, part);
      if (existsSync(from)) cpSync(from, join(place, part), { recursive: true });
    }
    writeFileSync(join(place, 'tsconfig.json'), JSON.stringify(tsconfig));
    await callAs(folder, ['npx', 'tsc', '-p', place]);
  }
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  await callAs(folder, [process.execPath, '--experimental-vm-modules', jest], {
    says: /Tests: +\d+ passed, \d+ total/,
  });
}
