import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Finding } from '../oracle/Finding.js';
import type { RepositoryCopy } from './RepositoryCopy.js';

interface JestResults {
  readonly testResults: readonly {
    readonly message: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * Runs one test file on the code of the copy; each test that fails is a finding. Throws if the run reports no results.
 */
export async function runTest({ folder }: RepositoryCopy, test: string): Promise<readonly Finding[]> {
  const jest = join('node_modules', 'jest', 'bin', 'jest.js');
  const config = test.endsWith('.long.test.ts') ? 'jest.services.config.mjs' : 'jest.config.mjs';
  const args = ['--experimental-vm-modules', jest, '--config', config, '--json', '--runInBand', join('packages', test)];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  const { testResults } = JSON.parse(text) as JestResults;
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (tests.length === 0) throw new Error(`packages/${test} ran no test: ${testResults[0]?.message ?? 'not found'}`);
  return tests.filter(({ status }) => status === 'failed').map(({ fullName }) => ({ check: 'test', text: fullName }));
}
