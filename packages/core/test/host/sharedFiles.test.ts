import { linkSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { field, z } from '../../src/index.js';
import type { HostConfig } from '../../src/config/loadHostConfig.js';
import type { PreparedFeed } from '../../src/host/PreparedHost.js';
import { sharedFiles } from '../../src/host/sharedFiles.js';

let temp: TempFolder;
beforeEach(async () => {
  temp = await tempFolder();
});
afterEach(async () => {
  await temp.remove();
});

const definition = {
  config: z.object({
    host: field.text().optional(),
    cafile: field.path().optional(),
    sync: field.path({ ownPer: ['host'] }).optional(),
  }),
} as unknown as PreparedFeed['definition'];

const feed = (name: string, config: Readonly<Record<string, string>>) =>
  ({ section: { name }, definition, config }) as unknown as PreparedFeed;
const state = (file: string) => ({ feeds: { stateDb: { client: 'sqlite', file } } }) as unknown as HostConfig;

/** `[section] key` of every problem. */
const problems = async (stateFile: string, ...feeds: readonly PreparedFeed[]) =>
  (await sharedFiles(state(stateFile), feeds)).map(({ section, key }) => `[${section}] ${key ?? ''}`);

describe('sharedFiles', () => {
  it.each<[string, (file: string) => string]>([
    ['the same path', (file) => file],
    ['a hard link', (file) => (linkSync(file, temp.file('hard.db')), temp.file('hard.db'))],
    ['a link', (file) => (symlinkSync(file, temp.file('soft.db')), temp.file('soft.db'))],
    ['a link to the folder', () => (symlinkSync(temp.path, temp.file('here')), temp.file('here/a.db'))],
  ])("finds a feed's file that is the state's, by %s", async (_what, way) => {
    writeFileSync(temp.file('a.db'), 'x');
    expect(await problems(temp.file('a.db'), feed('one', { sync: way(temp.file('a.db')) }))).toEqual(['[one] sync']);
  });

  it.each<[string, (file: string) => string]>([
    ['the same path', (file) => file],
    ['a link to it', (file) => (symlinkSync(file, temp.file('soft.db')), temp.file('soft.db'))],
    ['a link to the folder', () => (symlinkSync(temp.path, temp.file('here')), temp.file('here/a.db'))],
  ])('finds it before the file is made, by %s', async (_what, way) => {
    expect(await problems(temp.file('a.db'), feed('one', { sync: way(temp.file('a.db')) }))).toEqual(['[one] sync']);
    expect(await problems(temp.file('b.db'), feed('two', { sync: temp.file('a.db') }))).toEqual([]);
  });

  it('finds what two feeds need each for itself, and only that', async () => {
    const one = feed('one', { host: 'soar', cafile: temp.file('ca.pem'), sync: temp.file('s.db') });
    const same = feed('two', { host: 'SOAR', cafile: temp.file('ca.pem'), sync: temp.file('s.db') });
    const elsewhere = feed('three', { host: 'other', cafile: temp.file('ca.pem'), sync: temp.file('s.db') });
    const own = feed('four', { host: 'soar', cafile: temp.file('ca.pem'), sync: temp.file('t.db') });
    expect(await problems(temp.file('a.db'), one, same, elsewhere, own)).toEqual(['[two] sync']);
  });
});
