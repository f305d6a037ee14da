import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A folder in a dressed package: it keeps the original README, and shows whether the package's `docs` are copies. */
export const DRESSED = '.dressed';

/** Undoes dressing, also after a killed run; does nothing if the package is not dressed. */
export function undress(folder: string): void {
  const left = join(folder, DRESSED);
  if (!existsSync(left)) return;
  if (existsSync(join(left, 'docs'))) rmSync(join(folder, 'docs'), { recursive: true, force: true });
  if (existsSync(join(left, 'README.md'))) cpSync(join(left, 'README.md'), join(folder, 'README.md'));
  rmSync(left, { recursive: true });
}
