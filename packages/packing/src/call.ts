import { execFile } from 'node:child_process';

export interface Expected {
  readonly code?: number;
  readonly says?: RegExp;
  /** Added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

interface Called {
  readonly code: number;
  /** Both streams. */
  readonly text: string;
}

/** Runs a command to its end. Rejects when it does not start, or a signal ends it. */
function call(folder: string, command: string, args: readonly string[], env: Expected['env']): Promise<Called> {
  // As a user has it, whatever npm was told that this program was started by.
  const own = { NODE_OPTIONS: '', npm_config_workspaces: '', npm_config_workspace: '', npm_config_loglevel: 'notice' };
  const options = {
    cwd: folder,
    env: { ...process.env, ...own, ...env },
    maxBuffer: 64 * 1024 * 1024,
  };
  return new Promise((resolve, reject) => {
    execFile(command, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (typeof code === 'number') resolve({ code, text: `${stdout}${stderr}` });
      else reject(error ?? new Error(`"${command}" ended without an exit code.`));
    });
  });
}

/** Runs a command that must end with `code` and say something like `says`; otherwise rejects with all that it said. */
export async function callAs(
  folder: string,
  [command, ...args]: readonly [string, ...string[]],
  { code = 0, says = /(?:)/, env = {} }: Expected = {},
): Promise<string> {
  const called = await call(folder, command, args, env);
  if (called.code === code && says.test(called.text)) return called.text;
  const line = [command, ...args].join(' ');
  throw new Error(`"${line}" ended with ${called.code} instead of ${code}, or did not say ${says}:\n${called.text}`);
}
