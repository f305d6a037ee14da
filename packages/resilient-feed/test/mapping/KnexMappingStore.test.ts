import { describe, expect, it, jest } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { tempFolder } from '@soar-feed/feed-testkit';
import { KnexMappingStore } from '../../src/mapping/KnexMappingStore.js';
import { mappingSuite } from './mappingSuite.js';

// A database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('the mapping in an SQLite file', () => {
  mappingSuite(async () => {
    const folder = await tempFolder();
    return { config: { client: 'sqlite', file: folder.file('sync.db') }, drop: () => folder.remove() };
  });

  it('is not a file that is no database', async () => {
    const folder = await tempFolder();
    const file = folder.file('sync.db');
    await writeFile(file, 'this is no database, however long the text that stands here may be');
    const store = new KnexMappingStore({ client: 'sqlite', file });
    await expect(store.open(202)).rejects.toMatchObject({ kind: 'store', code: 'store-not-sqlite' });
    await folder.remove();
  });
});
