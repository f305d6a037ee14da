import { execFileSync } from 'node:child_process';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What a command said, or why it said nothing. Neither its output nor its errors are quoted: they may hold a secret. */
export type CommandAnswer = { readonly secret: string } | { readonly problem: string; readonly hangs: boolean };

const LIMIT_MS = 10_000;
const MAX_BYTES = 64 * 1024;

/**
 * Runs a command without a shell, so that nothing in a name means anything, and takes what it prints for the secret. A
 * start and a SIGHUP wait for it, for 10 seconds at most.
 */
export function runSecretCommand([program = '', ...args]: readonly string[], env: Environment): CommandAnswer {
  try {
    const printed = execFileSync(program, args, {
      env: { ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: MAX_BYTES,
    });
    const secret = printed.replace(/[\r\n]+$/, '');
    if (secret === '') return { problem: `(${program}) prints nothing`, hangs: false };
    return { secret };
  } catch (error) {
    return problemOf(error as NodeJS.ErrnoException & { readonly status?: number | null }, program);
  }
}

function problemOf(
  { code, status }: NodeJS.ErrnoException & { readonly status?: number | null },
  program: string,
): CommandAnswer {
  const byHand = `run it by hand, as the user of soar-feed, to see why`;
  if (code === 'ETIMEDOUT')
    return { problem: `(${program}) does not answer within ${LIMIT_MS / 1000} s; ${byHand}`, hangs: true };
  if (code === 'ENOENT') return { problem: `names the program ${program}, which is not found`, hangs: false };
  if (code === 'ENOBUFS') return { problem: `(${program}) prints more than a secret`, hangs: false };
  if (code !== undefined) return { problem: `(${program}) cannot be run (${code})`, hangs: false };
  return { problem: `(${program}) ends with ${status ?? 'a signal'}; ${byHand}`, hangs: false };
}
