import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** `soar-feed verify` beside the running host; what it prints is shown. Resolves with its exit code. */
export async function verify(configFile: string): Promise<number> {
  const cli = dirname(createRequire(import.meta.url).resolve('@soar-feed/cli/package.json'));
  const args = [join(cli, 'bin', 'soar-feed.js'), 'verify', '--config', configFile];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve) => child.once('close', (code) => resolve(code ?? -1)));
}
