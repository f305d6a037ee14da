import { spawn } from 'node:child_process';
import type { RunResult } from '../run/RunResult.js';
import type { RepositoryCopy } from './RepositoryCopy.js';
import { chaosProgram } from './RepositoryCopy.js';

/** A broken host may never come to rest; a run gives up after this time, s. */
const PATIENCE_S = 40;

/** Runs scenarios in a process of its own, on the code of the copy. Throws if the run reports no results. */
export async function runScenarios(copy: RepositoryCopy, names: readonly string[]): Promise<readonly RunResult[]> {
  const wanted = names.flatMap((name) => ['--scenario', name]);
  const child = spawn(process.execPath, [chaosProgram(copy), ...wanted, '--json', '--patience', String(PATIENCE_S)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const results = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunResult);
  if (results.length !== names.length)
    throw new Error(`The scenarios ended with code ${code} and ${results.length} results.`);
  return results;
}
