import { cpSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Beside a dressed package: its README as it was, and whether its `docs` are copies. */
export const DRESSED = '.dressed';

/** Takes back what dressing did, also where a killed run left it; nothing where the package is not dressed. */
export function undress(folder: string): void {
  const left = join(folder, DRESSED);
  if (!existsSync(left)) return;
  if (existsSync(join(left, 'docs'))) rmSync(join(folder, 'docs'), { recursive: true, force: true });
  if (existsSync(join(left, 'README.md'))) cpSync(join(left, 'README.md'), join(folder, 'README.md'));
  rmSync(left, { recursive: true });
}
