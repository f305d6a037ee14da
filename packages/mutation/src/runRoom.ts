import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import type { Arguments } from './readArguments.js';
import type { Fault, RoomResult } from './RoomResult.js';
import type { Room } from './rooms.js';
import { sampleLines } from './sampleLines.js';

/**
 * How far beyond its usual time a test may run before the fault counts as one that hangs it, ms. Other faults cost no
 * wait.
 */
const HANGS_AFTER_MS = 5_000;

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
  const tests = room.tests.map((glob) => `**/${glob}`);
  return `import base from './jest.config.mjs';
const testPathIgnorePatterns = ['/node_modules/', '/dist/', '\\\\.service\\\\.test\\\\.ts$'];
export default { ...base, maxWorkers: 1, testPathIgnorePatterns, testMatch: ${JSON.stringify(tests)} };
`;
}
