import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BENCH = 'packages/bench/dist';

/** The repository at another commit, built, with this benchmark in place of its own. */
export interface OtherCommit {
  readonly bench: string;
  remove(): void;
}

/** Checks the commit out beside this one; what is installed here serves both. */
export function buildCommit(ref: string): OtherCommit {
  const folder = join(mkdtempSync(join(tmpdir(), 'soar-feed-against-')), 'soar-feed');
  const remove = (): void => {
    git('worktree', 'remove', '--force', folder);
    rmSync(resolve(folder, '..'), { recursive: true, force: true });
  };
  git('worktree', 'add', '--detach', '--quiet', folder, ref);
  try {
    linkModules(folder);
    execFileSync('npm', ['run', '--silent', 'build'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    cpSync(join(ROOT, BENCH), join(folder, BENCH), { recursive: true });
    return { bench: join(folder, BENCH), remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Links to what is installed; links to the workspace's own packages are relative, so they lead to those of the folder. */
function linkModules(folder: string): void {
  cpSync(join(ROOT, 'node_modules/@soar-feed'), join(folder, 'node_modules/@soar-feed'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (name !== '@soar-feed') symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  for (const place of ['packages', 'examples'])
    for (const name of readdirSync(join(folder, place))) {
      const modules = join(place, name, 'node_modules');
      if (existsSync(join(ROOT, modules))) symlinkSync(join(ROOT, modules), join(folder, modules));
    }
}

function git(...args: readonly string[]): void {
  execFileSync('git', args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
}
