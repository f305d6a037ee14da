import { isTestRunner } from './TestRunner.js';
import type { TestRunner } from './TestRunner.js';

/**
 * The runner that this process is under: whatever has put `describe` and `it` into the global scope (Jest, Vitest with
 * `globals`, Mocha), else Vitest or Jest without globals, else `node:test`, which every Node has.
 */
export const currentRunner: TestRunner = await find();

async function find(): Promise<TestRunner> {
  const globals: unknown = globalThis;
  if (isTestRunner(globals)) return globals;
  const { JEST_WORKER_ID } = process.env;
  const without =
    ('__vitest_worker__' in globalThis && (await importIfThere('vitest'))) ||
    (JEST_WORKER_ID !== undefined && (await importIfThere('@jest/globals')));
  return without || (await import('node:test'));
}

/** A child process inherits the variables of a runner that it is not under: there, the import fails. */
async function importIfThere(name: string): Promise<TestRunner | undefined> {
  const loaded = (await import(name).catch(() => undefined)) as object | undefined;
  return loaded !== undefined && isTestRunner(loaded) ? loaded : undefined;
}
