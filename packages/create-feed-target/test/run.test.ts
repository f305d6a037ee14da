import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../src/run.js';

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'create-feed-target-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

async function call(...args: string[]): Promise<{ readonly code: number; readonly text: string }> {
  let text = '';
  const take = (more: string): void => void (text += more);
  return { code: await run(args, { out: take, err: take }, cwd), text };
}
const filesIn = async (folder: string): Promise<string[]> =>
  (await readdir(join(cwd, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(cwd, folder).length + 1))
    .sort();

describe('create-feed-target', () => {
  it.each([
    ['typescript', [], 'src/index.ts', ['tsconfig.json', 'tsconfig.test.json']],
    ['javascript', ['--javascript'], 'src/index.js', []],
  ])('writes a whole project in %s', async (_language, options, index, more) => {
    const { code, text } = await call('my-target', ...options);
    expect(text).toMatch(/^my-target \(class=my\): \d+ files in my-target\n\n {2}cd my-target\n {2}npm install\n/);
    expect(code).toBe(0);
    const files = await filesIn('my-target');
    for (const name of [
      '.github/workflows/ci.yml',
      '.gitignore',
      'README.md',
      'app.config',
      'eslint.config.js',
      ...more,
    ]) {
      expect(files).toContain(name);
    }
    expect(files).toContain('scripts/simulate.mjs');
    expect(files.filter((name) => name.startsWith('test/'))).toHaveLength(3);
    const manifest = JSON.parse(await readFile(join(cwd, 'my-target/package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ name: 'my-target', soarFeed: { types: ['my'] } });
    expect(await readFile(join(cwd, 'my-target', index), 'utf8')).toContain("type: 'my'");
    for (const name of files) expect(await readFile(join(cwd, 'my-target', name), 'utf8')).not.toMatch(/__[A-Z]+__/);
  });

  it('takes a package with a scope, and a type', async () => {
    expect((await call('@acme/chat-feed', '--type', 'slack')).text).toMatch(/^@acme\/chat-feed \(class=slack\)/);
    expect(await readFile(join(cwd, 'chat-feed/app.config'), 'utf8')).toContain('class=slack');
  });

  it('overwrites nothing: it takes an empty folder or a new repository, and refuses any other', async () => {
    await mkdir(join(cwd, 'fresh/.git'), { recursive: true });
    expect((await call('fresh')).code).toBe(0);
    await mkdir(join(cwd, 'full'));
    await writeFile(join(cwd, 'full/notes.txt'), 'mine');
    expect(await call('full')).toEqual({
      code: 2,
      text: expect.stringMatching(/full is not empty; name a new folder/),
    });
    expect(await filesIn('full')).toEqual(['notes.txt']);
    await writeFile(join(cwd, 'file'), 'mine');
    expect(await call('file')).toMatchObject({ code: 2 });
    expect((await call('file/inside')).code).toBeGreaterThan(0);
    expect(await readFile(join(cwd, 'file'), 'utf8')).toBe('mine');
  });

  it.each([
    [[], /Name the folder/],
    [['one', 'two'], /One folder only; what is "two"\?/],
    [['x', '--typ', 'y'], /Unknown argument: typ/],
    [['x', '--type', "'; evil(); '"], /cannot be a type/],
    [['Bad Name'], /cannot be the name of a package/],
  ])('ends with 2 for %j, says why, and writes nothing', async (args, why) => {
    const { code, text } = await call(...args);
    expect(text).toMatch(why);
    expect(text).toContain('See create-feed-target --help.');
    expect(code).toBe(2);
    expect(await readdir(cwd)).toEqual([]);
  });

  it('ends with 1 when the disk refuses', async () => {
    const folder = 'x'.repeat(200);
    const deep = `${Array.from({ length: 25 }, () => folder).join('/')}/my-target`;
    expect(await call(deep)).toMatchObject({ code: 1, text: expect.stringMatching(/ENAMETOOLONG/) });
    await expect(stat(join(cwd, folder))).rejects.toThrow('ENOENT');
  });

  it('teaches by its help', async () => {
    const { code, text } = await call('--help');
    expect(text).toMatch(/create-feed-target <folder>[\s\S]*--javascript[\s\S]*--type[\s\S]*npm create @soar-feed/);
    expect(code).toBe(0);
  });
});
