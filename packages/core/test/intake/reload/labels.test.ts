import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '../../../src/contract/FeedEvent.js';
import { TypeCatalog } from '../../../src/shape/TypeCatalog.js';
import type { TypeDescription } from '../../../src/shape/toTypeSchema.js';
import { unknownToSchema } from '../../../src/shape/unknownToSchema.js';
import { ScriptedTarget } from '../../delivery/feedBench.js';
import { makeEngine, startSource } from './reloadBench.js';
import type { Source } from './reloadBench.js';

jest.setTimeout(60_000);

let source: Source;
beforeAll(async () => {
  source = await startSource();
  source.fill(2);
  const [id = 0] = source.org.incidentIds();
  source.org.updateIncident(id, { severity_code: 'High', workspace: 'Legal', owner_id: 'ada@example.com' });
  source.org.addRow(id, 'affected_hosts', { host: 'web-1', roles: ['Web', 'Database'] });
});
afterAll(() => source.stop());

/** As if all but the first option had been added after the types were read. */
function early(type: TypeDescription): TypeDescription {
  const fields = Array.isArray(type.fields) ? type.fields : Object.values(type.fields ?? {});
  return { ...type, fields: fields.map((field) => ({ ...field, values: (field.values ?? []).slice(0, 1) })) };
}

describe('events of a reload', () => {
  it.each(['false', 'true'])(
    'have the labels of what was added while the host runs (reload_query_api_method=%s)',
    async (byQuery) => {
      const clock = fakeClock();
      let reads = 0;
      const catalog = new TypeCatalog(async () => {
        const types = Object.values(await source.client.types.all());
        return (reads += 1) === 1 ? types.map(early) : types;
      }, clock);
      await catalog.all();
      await clock.advance(60_000);
      const events: FeedEvent[] = [];
      const target = new ScriptedTarget();
      target.answer = (event) => {
        events.push(event);
        return { status: 'delivered', change: 'updated' };
      };
      const settings = { reload_query_api_method: byQuery };
      const engine = await makeEngine({ ...source, catalog }, { target: () => target, settings });
      expect(await engine.reloads.run({ kind: 'full' })).toMatchObject({ incidents: 2, faults: [] });
      await engine.stop();
      expect(events.length).toBeGreaterThan(10);
      expect(events.flatMap(({ schema, payload }) => unknownToSchema(schema, payload))).toEqual([]);
      expect(events.filter(({ workspace }) => workspace === 'Legal').length).toBeGreaterThan(5);
      expect(reads).toBe(2);
    },
  );
});
