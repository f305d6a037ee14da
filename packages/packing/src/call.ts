import { spawnSync } from 'node:child_process';

export interface Called {
  readonly code: number | null;
  /** Both streams. */
  readonly text: string;
}

/** Runs a command to its end. */
function call(folder: string, command: string, args: readonly string[]): Called {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '', npm_config_workspaces: '', npm_config_workspace: '' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { code: status, text: `${stdout}${stderr}` };
}

/** Runs a command that must end with `code` and say something like `says`; throws with all that it said otherwise. */
export function callAs(
  folder: string,
  [command, ...args]: readonly [string, ...string[]],
  { code = 0, says = /(?:)/ }: { readonly code?: number; readonly says?: RegExp } = {},
): string {
  const called = call(folder, command, args);
  if (called.code === code && says.test(called.text)) return called.text;
  const line = [command, ...args].join(' ');
  throw new Error(`"${line}" ended with ${called.code} instead of ${code}, or did not say ${says}:\n${called.text}`);
}
