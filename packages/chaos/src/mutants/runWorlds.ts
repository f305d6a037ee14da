import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Finding } from '../oracle/Finding.js';
import type { RepositoryCopy } from './RepositoryCopy.js';

/** Runs worlds on the code of the copy, until one breaks a promise. Throws if they cannot run. */
export async function runWorlds({ folder }: RepositoryCopy, count: number): Promise<readonly Finding[]> {
  const program = join(folder, 'packages', 'worlds', 'dist', 'main.js');
  const args = ['--count', String(count), '--workers', '1', '--until-failure', '--no-shrink'];
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code === 0) return [];
  if (code === 1) return [{ check: 'test', text: text.trim() }];
  throw new Error(`The worlds ended with code ${code}.`);
}
