import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs/promises';
import type { RecordFilter } from '@soar-feed/core';
import { tempFolder } from '@soar-feed/feed-testkit';
import { KnexMappingStore } from '../../src/mapping/KnexMappingStore.js';
import { MappingReader } from '../../src/mapping/MappingReader.js';
import { ibmDatabase } from '../helpers/ibmDatabase.js';

const keyOf = (type: string, objectId: number, incidentId = 7) => ({ orgId: 201, incidentId, type, objectId });

describe('a look into the mapping', () => {
  let folder: Awaited<ReturnType<typeof tempFolder>>;
  beforeEach(async () => {
    folder = await tempFolder();
  });
  afterEach(() => folder.remove());
  const config = () => ({ client: 'sqlite', file: folder.file('sync.db') }) as const;
  const found = async (filter: RecordFilter, reader = new MappingReader(config())) => {
    const names: string[] = [];
    for await (const { mapping } of reader.search(filter))
      names.push(`${mapping.source.type} ${mapping.source.objectId} ${mapping.state}`);
    await reader.close();
    return names;
  };

  it('finds rows by either side beside the process that owns the mapping', async () => {
    const store = new KnexMappingStore(config());
    await store.open(202);
    const link = (type: string, id: number, objectId: number, extraIds?: readonly number[]) =>
      store.creates.link(keyOf(type, id), {
        target: { incidentId: 90, objectId, ...(extraIds === undefined ? {} : { extraIds }) },
        digests: {},
      });
    await Promise.all([link('incident', 7, 90), link('note', 1, 91), link('artifact', 2, 92, [93, 193])]);
    await store.rows.mark(keyOf('incident', 8, 8), 'filtered');

    expect(await found({})).toEqual(['artifact 2 active', 'incident 7 active', 'note 1 active', 'incident 8 filtered']);
    expect(await found({ state: 'filtered' })).toEqual(['incident 8 filtered']);
    expect(await found({ type: 'note', objectId: 1 })).toEqual(['note 1 active']);
    expect(await found({ ref: '92' })).toEqual(['artifact 2 active']);
    // One source object may be several in the target.
    expect(await found({ ref: '93' })).toEqual(['artifact 2 active']);
    expect(await found({ ref: '193' })).toEqual(['artifact 2 active']);
    expect(await found({ ref: '9' })).toEqual([]);
    expect(await found({ ref: "90' OR 1=1 --" })).toEqual([]);
    // What stands for an e-mail message, by the type that it has in the source or in the target.
    await link('emailmessage:note', 5, 95);
    const email = ['emailmessage:note 5 active'];
    expect(await found({ type: 'emailmessage', objectId: 5 })).toEqual(email);
    for (const type of ['emailmessage', 'note']) expect(await found({ type, ref: '95' })).toEqual(email);
    expect(await found({ type: 'note' })).toEqual(['note 1 active']);
    expect(await found({ refIncident: '90' })).toHaveLength(4);
    const reader = new MappingReader(config());
    expect(await reader.mappedTargets(90, 'artifact')).toEqual(new Set([92, 93, 193]));
    expect(await reader.mappedTargets(90, 'note')).toEqual(new Set([91, 95]));
    await reader.close();
    await store.close();
  });

  it('reads page by page', async () => {
    const store = new KnexMappingStore(config());
    await store.open(202);
    const ids = Array.from({ length: 2_050 }, (_, at) => at + 1);
    await Promise.all(
      ids.map((id) => store.creates.link(keyOf('note', id), { target: { incidentId: 90, objectId: id }, digests: {} })),
    );
    await store.close();
    expect(new Set(await found({ type: 'note' })).size).toBe(2_050);
  });

  it('reads a mapping that IBM’s feed left, and leaves it as it is', async () => {
    const ibm = await ibmDatabase(config(), 'v1');
    await ibm.sync('incident', 7, 7, 90, 90);
    await ibm.sync('tasknote', 7, 5, 90, 95);
    await ibm.close();
    const before = (await stat(config().file)).mtimeMs;
    expect(await found({})).toEqual(['incident 7 active', 'note 5 active']);
    expect(await found({ ref: '95' })).toEqual(['note 5 active']);
    expect((await stat(config().file)).mtimeMs).toBe(before);
  });

  it('makes no file', async () => {
    await expect(found({})).rejects.toMatchObject({ code: 'store-missing' });
    await expect(stat(config().file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
