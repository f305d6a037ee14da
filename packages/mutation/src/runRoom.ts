import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stryker } from '@stryker-mutator/core';
import type { Arguments } from './readArguments.js';
import type { Fault, RoomResult } from './RoomResult.js';
import type { Room } from './rooms.js';
import { sampleLines } from './sampleLines.js';

/** Longest time of a test, ms: one that hangs fails then. Long tests set their own. */
const TEST_TIMEOUT_MS = 20_000;
/**
 * How far beyond their usual time a fault's tests may run before it counts as one that hangs them, ms: a test that waits
 * for ever has failed by then, so what is left are endless loops, and long tests.
 */
const HANGS_AFTER_MS = 30_000;

/** Hidden, and ignored by git; the copy that Stryker makes contains the file, too. */
const SCRATCH = '.stryker-tmp';

/** Puts faults into a room, one by one, and runs the tests that reach each. Works in a copy of the repository. */
export async function runRoom(name: string, room: Room, args: Arguments): Promise<RoomResult> {
  const files = sourcesOf(room).filter((file) => relative(room.sources, file).includes(args.file ?? ''));
  if (files.length === 0) throw new TypeError(`${name} has no file whose name has "${args.file}" in it.`);
  const mutate = args.sample === undefined ? files : sampleLines(files, args.sample, args.seed);
  const scratch = `${SCRATCH}-${process.pid}`;
  const configFile = `${scratch}.jest.config.mjs`;
  try {
    writeFileSync(configFile, jestConfig(room));
    const stryker = new Stryker({
      mutate: [...mutate],
      testRunner: 'jest',
      plugins: ['@stryker-mutator/jest-runner'],
      testRunnerNodeArgs: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
      jest: { projectType: 'custom', configFile, enableFindRelatedTests: false },
      coverageAnalysis: 'perTest',
      concurrency: args.workers,
      timeoutMS: HANGS_AFTER_MS,
      reporters: ['progress-append-only'],
      ignorePatterns: ['dist', 'reports', 'coverage', '.chaos'],
      tempDirName: scratch,
      allowConsoleColors: false,
    });
    const mutants = await stryker.runMutationTest();
    const faults = mutants.map(({ fileName, location, mutatorName, replacement, status }): Fault => ({
      file: relative(process.cwd(), fileName),
      line: location.start.line,
      kind: mutatorName,
      becomes: replacement ?? '',
      status,
    }));
    return { room: name, sample: args.sample, seed: args.seed, faults };
  } finally {
    for (const left of [configFile, scratch]) rmSync(left, { recursive: true, force: true });
  }
}

function sourcesOf({ sources }: Room): readonly string[] {
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(sources, name))
    .sort();
}

/**
 * The repository's Jest configuration with the room's tests only: the long ones, too, but none that needs a service.
 */
function jestConfig(room: Room): string {
  const overrides = {
    maxWorkers: 1,
    testEnvironment: fileURLToPath(new URL('./jest/stopAtFailure.cjs', import.meta.url)),
    testTimeout: TEST_TIMEOUT_MS,
    testPathIgnorePatterns: ['/node_modules/', '/dist/', String.raw`\.service\.test\.ts$`],
    testMatch: room.tests.map((glob) => `**/${glob}`),
  };
  return `import base from './jest.config.mjs';
export default { ...base, ...${JSON.stringify(overrides)} };
`;
}
