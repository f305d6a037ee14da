import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { readArguments } from '../src/readArguments.js';
import { reportText, scoreOf } from '../src/report.js';
import type { Fault } from '../src/RoomResult.js';
import { rooms, roomsNamed } from '../src/rooms.js';
import { sampleLines } from '../src/sampleLines.js';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

describe('a sample', () => {
  let folder: TempFolder;
  beforeEach(async () => void (folder = await tempFolder()));
  afterEach(() => folder.remove());

  it('is the same for a seed, another for another, and never more than there is', () => {
    const files = ['a.ts', 'b.ts'].map((name) => folder.file(name));
    for (const file of files) writeFileSync(file, 'line\n'.repeat(99));
    const sample = sampleLines(files, 60, 7);
    expect(sample).toHaveLength(5);
    expect(sampleLines(files, 60, 7)).toEqual(sample);
    expect(sampleLines(files, 60, 8)).not.toEqual(sample);
    const all = sampleLines(files, 10_000, 7);
    expect(all).toHaveLength(18);
    expect(all).toContain(`${files[0]}:97-100`);
  });
});

describe('the rooms', () => {
  it.each(Object.entries(rooms))('%s: its sources are there, and its tests', (_name, { sources, tests }) => {
    expect(readdirSync(join(repository, sources)).length).toBeGreaterThan(0);
    for (const glob of tests) {
      const folder = glob.replace(/\/(\*\*\/)?[^/]*\.test\.ts$/, '').replace(/\/\*\*$/, '');
      expect(readdirSync(join(repository, folder), { recursive: true }).join()).toContain('.test.ts');
    }
  });

  it('are named, or refused by their names', () => {
    expect(roomsNamed(['core/lanes']).map(([name]) => name)).toEqual(['core/lanes']);
    expect(roomsNamed([])).toHaveLength(Object.keys(rooms).length);
    expect(() => roomsNamed(['toString'])).toThrow(/no room "toString"; available: core\/lanes/);
  });
});

describe('the report', () => {
  const fault = (status: string): Fault => ({ file: 'a.ts', line: 3, kind: 'BooleanLiteral', becomes: 'true', status });

  it('counts a hung test as noticed, a line that no test reaches as not, and leaves out what could not be tried', () => {
    const faults = ['Killed', 'Timeout', 'Killed', 'NoCoverage', 'RuntimeError', 'Ignored'].map(fault);
    expect(scoreOf(faults)).toEqual({ noticed: 3, unnoticed: 1, percent: 75 });
    expect(reportText([{ room: 'core/lanes', sample: undefined, seed: 1, faults }])).toBe(
      'a.ts:3  NoCoverage  BooleanLiteral: true\n\ncore/lanes                75.0 %  3 of 4 noticed  (all lines)\n',
    );
  });
});

describe('the command line', () => {
  it('reads its options and refuses others', () => {
    expect(readArguments(['--room', 'a', '--room', 'b', '--sample', '20', '--seed', '3'])).toEqual({
      rooms: ['a', 'b'],
      file: undefined,
      sample: 20,
      seed: 3,
      workers: 1,
      out: 'reports/mutation',
    });
    for (const wrong of [['--sample', 'x'], ['--sample', '0'], ['--lines', '3'], ['core/lanes']]) {
      expect(() => readArguments(wrong)).toThrow(expect.objectContaining({ name: 'TypeError' }));
    }
  });
});
