import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RotatingFile } from '../../src/log/RotatingFile.js';

describe('RotatingFile', () => {
  let folder: string;
  let file: string;
  let troubles: string[];
  const open = (maxBytes: number, backups: number): RotatingFile =>
    new RotatingFile({ file, maxBytes, backups, onTrouble: (problem) => troubles.push(problem) });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rotating-'));
    file = join(folder, 'app.log');
    troubles = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const linesOf = (name: string): string[] => readFileSync(join(folder, name), 'utf8').split('\n').filter(Boolean);

  it('keeps every line in order across rotations, no file above its limit, and only so many files', () => {
    const log = open(100, 3);
    for (let n = 0; n < 40; n += 1) log.write(`line ${String(n).padStart(4, '0')}\n`);
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['app.log', 'app.log.1', 'app.log.2', 'app.log.3']);
    const all = ['app.log.3', 'app.log.2', 'app.log.1', 'app.log'].flatMap(linesOf);
    expect(all).toEqual(
      Array.from({ length: all.length }, (_, at) => `line ${String(40 - all.length + at).padStart(4, '0')}`),
    );
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).size).toBeLessThanOrEqual(100);
    expect(troubles).toEqual([]);
  });

  it('counts bytes, goes on with what is there, and gives a longer line a file of its own', () => {
    writeFileSync(file, `${'é'.repeat(40)}\n`);
    const log = open(100, 2);
    log.write(`${'ü'.repeat(10)}\n`);
    log.write(`${'x'.repeat(300)}\n`);
    log.write('after\n');
    log.close();
    expect([linesOf('app.log.2').length, linesOf('app.log.1'), linesOf('app.log')]).toEqual([
      1,
      ['x'.repeat(300)],
      ['after'],
    ]);
  });

  it.each([
    [0, 10],
    [100, 0],
  ])('never rotates with %d bytes and %d files', (maxBytes, backups) => {
    const log = open(maxBytes, backups);
    for (let n = 0; n < 50; n += 1) log.write('0123456789\n');
    log.close();
    expect(readdirSync(folder)).toEqual(['app.log']);
    expect(linesOf('app.log')).toHaveLength(50);
  });

  it('lets only its user read, and hands the mode of a given file on', () => {
    const log = open(20, 1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    chmodSync(file, 0o640);
    log.write('0123456789012345\n');
    log.write('next\n');
    log.close();
    expect(statSync(file).mode & 0o777).toBe(0o640);
  });

  it('hands each line to the system at once', () => {
    const log = open(0, 0);
    log.write('last words\n');
    expect(readFileSync(file, 'utf8')).toBe('last words\n');
    log.close();
  });

  it('goes on in the same file if it cannot rotate, and says so', () => {
    // What is in the way cannot be removed as a file.
    mkdirSync(`${file}.1`);
    const log = open(50, 1);
    for (let n = 0; n < 8; n += 1) log.write('0123456789\n');
    log.close();
    expect(linesOf('app.log')).toHaveLength(8);
    expect(troubles.length).toBeGreaterThan(0);
  });

  it('writes a new file after another program has moved the old one away, once it is told', () => {
    const log = open(0, 0);
    log.write('one\n');
    renameSync(file, `${file}.old`);
    log.write('two\n');
    log.reopen();
    log.write('three\n');
    log.close();
    expect([linesOf('app.log.old'), linesOf('app.log')]).toEqual([['one', 'two'], ['three']]);
  });

  // A device of Linux that is always full.
  (process.platform === 'linux' ? it : it.skip)('survives a full disk, and says so once', () => {
    const log = new RotatingFile({
      ...{ file: '/dev/full', maxBytes: 0, backups: 0, onTrouble: (problem: string) => troubles.push(problem) },
    });
    log.write('lost\n');
    log.write('lost, too\n');
    log.close();
    expect(troubles).toEqual(['ENOSPC']);
  });
});
