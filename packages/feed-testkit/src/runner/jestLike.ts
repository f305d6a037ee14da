import type * as jest from '@jest/globals';
import { currentRunner } from './currentRunner.js';

const given = currentRunner as unknown as typeof jest;

/** What the suite for stores takes from the runner: Jest's functions. Vitest has them, too; `node:test` has no `expect`. */
export const describe: typeof jest.describe = given.describe;
export const it: typeof jest.it = given.it;
export const beforeEach: typeof jest.beforeEach = given.beforeEach;
export const afterEach: typeof jest.afterEach = given.afterEach;
export const expect: typeof jest.expect = given.expect;

/** Throws where the runner has no `expect`. */
export function needsExpect(what: string): void {
  if (expect === undefined) throw new Error(`${what} needs a runner with expect(): Jest or Vitest.`);
}
