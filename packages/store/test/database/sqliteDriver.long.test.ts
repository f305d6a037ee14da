import { readdir } from 'node:fs/promises';
import { tempFolder } from '@soar-feed/feed-testkit';
import { expect, it, jest } from '@jest/globals';

jest.unstable_mockModule('sqlite3', () => {
  throw new Error('Could not locate the bindings file. Tried: …');
});

it('says how to reinstall when the native part of sqlite3 is missing, and makes no file', async () => {
  const { openDatabase } = await import('@soar-feed/store');
  const folder = await tempFolder();
  await expect(openDatabase({ client: 'sqlite', file: folder.file('a.db') })).rejects.toMatchObject({
    kind: 'store',
    code: 'store-driver-missing',
    message: expect.stringMatching(/^The native part of sqlite3 is missing: run `npm rebuild sqlite3`/),
  });
  expect(await readdir(folder.path)).toEqual([]);
  await folder.remove();
});
