import { anIncident, describeFeedTarget } from '@soar-feed/feed-testkit';
import type { FeedTargetCase } from '@soar-feed/feed-testkit';
import { expect } from '@jest/globals';
import { ElasticFeed } from '../src/index.js';
import { clock, makeBench, section, source } from './double/bench.js';
import type { DoubleBench } from './double/bench.js';
import { Refusal } from './double/StoredIndex.js';

for (const flavour of ['elasticsearch', 'opensearch'] as const) {
  for (const on_delete of ['remove', 'mark'] as const) describeFeedTarget(doubleCase(flavour, on_delete));
}

/** The index of a type in the double, whose name has no upper case. */
function indexOf(type: string): string {
  return `resilient_${type.toLowerCase()}`;
}

function doubleCase(
  flavour: 'elasticsearch' | 'opensearch',
  on_delete: 'remove' | 'mark',
): FeedTargetCase<DoubleBench> {
  const authorization = `Basic ${Buffer.from('feed:top-secret').toString('base64')}`;
  const values = { on_delete, auth_user: 'feed', auth_password: 'top-secret' };
  return {
    name: `ElasticFeed (${flavour}, on_delete=${on_delete})`,
    capabilities: {
      deletes: on_delete === 'mark' ? 'mark' : 'apply',
      content: true,
      timeSeries: true,
      concurrency: 4,
      batch: { maxEvents: 500, maxWaitMs: 50 },
    },
    secrets: ['top-secret', authorization.slice(6)],
    refusesStale: true,
    followsSchema: true,
    make: (log) => makeBench(log, { flavour, authorization }, values),
    async another({ server }, log) {
      return new ElasticFeed(section({ url: server.url, ...values }), { name: 'search', source, log, clock });
    },
    async readBack({ server }, { key }) {
      expect(server.complaints).toEqual([]);
      const docs = [...(server.indices.get(indexOf(key.type))?.docs ?? [])];
      return docs.flatMap(([id, { source }]) => (id === String(key.objectId) && source !== undefined ? [source] : []));
    },
    async readContent({ server }, { key }) {
      const { content } = server.sources(indexOf(key.type)).get(String(key.objectId)) as { content: string };
      return Buffer.from(content, 'base64');
    },
    async outage({ server }) {
      await server.stop();
      return () => server.listen();
    },
    async silence({ server }) {
      server.silent = true;
      return {
        reached: server.nextRequest(),
        end: async () => {
          server.silent = false;
        },
      };
    },
    async poison({ server }) {
      const event = anIncident({ incidentId: 2290 });
      server.refuse = ({ id }) =>
        id === '2290'
          ? new Refusal(
              400,
              'document_parsing_exception',
              `failed to parse field [name] of type [long] Preview of field's value: 'top-secret'`,
            )
          : undefined;
      return event;
    },
  };
}
