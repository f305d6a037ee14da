import { describe, expect, it, jest } from '@jest/globals';
import { readdir, rename, writeFile } from 'node:fs/promises';
import { tempFolder } from '@soar-feed/feed-testkit';
import { KnexFeedStore } from '@soar-feed/store';
import { KnexMappingStore } from '../../src/mapping/KnexMappingStore.js';
import { mappingSuite } from './mappingSuite.js';

// A database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('the mapping in an SQLite file', () => {
  mappingSuite(async () => {
    const folder = await tempFolder();
    return { config: { client: 'sqlite', file: folder.file('sync.db') }, drop: () => folder.remove() };
  });

  it('is one file for feeds of several targets that start together, 20 times', async () => {
    const folder = await tempFolder();
    for (let turn = 0; turn < 20; turn += 1) {
      const stores = [201, 202, 203].map((org) => {
        const store = new KnexMappingStore({ client: 'sqlite', file: folder.file(`${turn}.db`) });
        return { org, store };
      });
      await Promise.all(stores.map(async ({ org, store }) => store.inspect().then(() => store.open(org))));
      await Promise.all(stores.map(({ store }) => store.close()));
    }
    await folder.remove();
  });

  it('is not made anew where it was removed, and comes back with the file', async () => {
    const folder = await tempFolder();
    const file = folder.file('sync.db');
    const store = new KnexMappingStore({ client: 'sqlite', file });
    await store.open(202);
    await rename(file, folder.file('elsewhere.db'));
    const source = { orgId: 201, incidentId: 7, type: 'incident', objectId: 7 };
    const intent = { source, naturalKey: [], sentAtMs: 5, principalId: 3 };
    const gone = { kind: 'store', code: 'store-moved', message: expect.stringContaining('put the same file back') };
    await expect(store.creates.begin(intent)).rejects.toMatchObject(gone);
    await store.close();
    await expect(store.inspect()).rejects.toMatchObject(gone);
    await expect(store.open(202)).rejects.toMatchObject(gone);
    expect(await readdir(folder.path)).not.toContain('sync.db');
    await rename(folder.file('elsewhere.db'), file);
    await store.open(202);
    await store.creates.begin(intent);
    await store.close();
    await folder.remove();
  });

  it('is not the file of the state', async () => {
    const folder = await tempFolder();
    const database = { client: 'sqlite', file: folder.file('a.db') } as const;
    const state = new KnexFeedStore({ database });
    await state.open();
    await expect(new KnexMappingStore(database).open(202)).rejects.toMatchObject({
      code: 'mapping-foreign',
      message: expect.stringContaining('holds the state of the host'),
    });
    await state.close();
    await folder.remove();
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
