import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@soar-feed/store';
import { KnexMappingStore } from '../../src/mapping/KnexMappingStore.js';

const note = (incidentId: number, objectId: number) => ({ orgId: 201, incidentId, type: 'note', objectId });

describe('a link whose batch is refused for the sake of another one', () => {
  it('is not applied after a change that was requested later', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'mapping-'));
    const config = { client: 'sqlite', file: join(dir, 'mapping.db') } as const;
    const store = new KnexMappingStore(config);
    try {
      await store.open(202);
      const database = await openDatabase(config);
      await database.knex.raw(
        `CREATE TRIGGER refuse BEFORE INSERT ON data_feeder_sync WHEN NEW.soar_feed_version = 666
         BEGIN SELECT RAISE(ABORT, 'refused'); END`,
      );
      await database.close();

      const bad = store.creates.link(note(2, 21), {
        target: { incidentId: 502, objectId: 9 },
        digests: {},
        version: 666,
      });
      const good = store.creates.link(note(1, 11), { target: { incidentId: 501, objectId: 8 }, digests: {} });
      const deleted = store.rows.mark(note(1, 11), 'deleted');
      await expect(bad).rejects.toMatchObject({ code: 'store-failed' });
      await Promise.all([good, deleted]);

      expect(await store.rows.find(note(1, 11))).toMatchObject({ state: 'deleted' });
    } finally {
      await store.close();
      await rm(dir, { recursive: true });
    }
  });
});
