import { anIncident, describeFeedTarget } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, ObjectPlace } from '@soar-feed/feed-testkit';
import { makeBench, TOKEN } from './double/bench.js';
import type { DoubleBench } from './double/bench.js';
import type { Indexed } from './double/SplunkServer.js';

describeFeedTarget(doubleCase(true, true));
describeFeedTarget(doubleCase(false, true));
describeFeedTarget(doubleCase(false, false));

function doubleCase(ack: boolean, tombstones: boolean): FeedTargetCase<DoubleBench> {
  const found = ({ server }: DoubleBench, { key }: ObjectPlace): Indexed | undefined =>
    server.latest().get(`${key.orgId}/${key.type}/${key.objectId}`);
  return {
    name: `SplunkFeed (${ack ? 'with' : 'without'} acknowledgements, tombstones=${tombstones})`,
    capabilities: {
      deletes: tombstones ? 'apply' : 'ignore',
      content: true,
      timeSeries: true,
      concurrency: 4,
      batch: { maxEvents: 500, maxWaitMs: 50 },
    },
    secrets: [TOKEN],
    followsSchema: true,
    make: () => makeBench({ ack }, { tombstones: String(tombstones) }),
    another: async ({ again }) => again(),
    /** Every event of an object is kept: what the search of the docs finds stands for it. */
    async readBack(bench, place) {
      const newest = found(bench, place);
      return newest === undefined ? [] : [newest.event];
    },
    async readContent(bench, place) {
      return Buffer.from(String(found(bench, place)?.event['content']), 'base64');
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
      server.refuse = ({ event }) => event['id'] === 2290;
      return anIncident({ incidentId: 2290 });
    },
  };
}
