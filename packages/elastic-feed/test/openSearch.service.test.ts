import { afterEach, describe, expect, it } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import { anIncident, describeFeedTarget } from '@soar-feed/feed-testkit';
import type { FeedTargetCase, TargetBench } from '@soar-feed/feed-testkit';
import type { Simulator } from '@soar-feed/soar-simulator';
import { ElasticFeed } from '../src/index.js';
import { clock, section, source } from './double/bench.js';
import { HostProcess, until } from './support/HostProcess.js';
import { RealServer } from './support/RealServer.js';
import { Relay } from './support/Relay.js';
import { startWorld, textsOf, work } from './support/world.js';

/** A server without a login whose indices the tests may make and remove: `http://127.0.0.1:9200`. */
const URL_OF_SERVER = process.env['SOAR_FEED_TEST_OPENSEARCH'];

if (URL_OF_SERVER === undefined) {
  console.warn(
    'NOT MET: OpenSearch. SOAR_FEED_TEST_OPENSEARCH is not set, so elastic-feed met only its double, not a real server.',
  );
  it.skip('elastic-feed against a real OpenSearch (set SOAR_FEED_TEST_OPENSEARCH)', () => undefined);
} else {
  const { hostname: host, port } = new URL(URL_OF_SERVER);
  const to = { host, port: Number(port || 80) };
  const server = new RealServer(URL_OF_SERVER);
  for (const onDelete of ['remove', 'mark'] as const) describeFeedTarget(realCase(server, to, onDelete));
  describeHost(server, to);
}

interface RealBench extends TargetBench {
  readonly relay: Relay;
  readonly prefix: string;
}

function freshPrefix(): string {
  return `test${randomBytes(5).toString('hex')}_`;
}

function realCase(server: RealServer, to: Relay['to'], onDelete: 'remove' | 'mark'): FeedTargetCase<RealBench> {
  return {
    name: `ElasticFeed (a real OpenSearch, on_delete=${onDelete})`,
    capabilities: {
      deletes: onDelete === 'mark' ? 'mark' : 'apply',
      content: true,
      timeSeries: true,
      concurrency: 4,
      batch: { maxEvents: 500, maxWaitMs: 50 },
    },
    async make(log) {
      const relay = new Relay(to);
      await relay.listen();
      const prefix = freshPrefix();
      const config = section({ url: relay.url, index_prefix: prefix, on_delete: onDelete });
      const target = new ElasticFeed(config, { name: 'search', source, log, clock });
      const dispose = async (): Promise<void> => {
        await relay.stop();
        await server.tidy(prefix);
      };
      return { target, relay, prefix, dispose };
    },
    refusesStale: true,
    followsSchema: true,
    async another({ relay, prefix }, log) {
      const config = section({ url: relay.url, index_prefix: prefix, on_delete: onDelete });
      return new ElasticFeed(config, { name: 'search', source, log, clock });
    },
    async readBack({ prefix }, { key }) {
      // No index has such a name.
      if (/[\\/*?"<>|\s,#:;]/.test(key.type)) return [];
      const document = await server.document(`${prefix}${key.type.toLowerCase()}`, String(key.objectId));
      return document === undefined ? [] : [document];
    },
    async readContent({ prefix }, { key }) {
      const document = await server.document(`${prefix}${key.type}`, String(key.objectId));
      return Buffer.from(String(document?.['content']), 'base64');
    },
    async outage({ relay }) {
      await relay.stop();
      return () => relay.listen();
    },
    async silence({ relay }) {
      relay.mute = true;
      return {
        reached: relay.nextRequest(),
        end: async () => {
          relay.mute = false;
        },
      };
    },
    async poison({ prefix }) {
      // A term of an index has at most 32,766 bytes, and this field is made to be one term.
      const mappings = { properties: { ticket: { type: 'keyword' } } };
      await server.make(`${prefix}incident`, { mappings });
      return anIncident({ incidentId: 2290, payload: { properties: { ticket: 'x'.repeat(40_000) } } });
    },
  };
}

function describeHost(server: RealServer, to: Relay['to']): void {
  describe('a host that feeds a real OpenSearch', () => {
    let simulator: Simulator;
    let relay: Relay;
    let host: HostProcess;
    const prefix = freshPrefix();
    afterEach(async () => {
      await host.remove();
      await simulator.stop();
      await relay.stop();
      await server.tidy(prefix);
    });

    const make = async (): Promise<void> => {
      simulator = await startWorld(40);
      relay = new Relay(to);
      await relay.listen();
      host = new HostProcess(simulator, {
        class: 'ElasticFeed',
        url: relay.url,
        index_prefix: prefix,
        batch_events: '25',
      });
    };
    const seen = async (): Promise<readonly (readonly [string, unknown])[]> => {
      const incidents = [...(await server.documents(`${prefix}incident`))];
      const notes = [...(await server.documents(`${prefix}note`))];
      return [
        ...incidents.map(([id, { name }]) => [`incident ${id}`, name] as const),
        ...notes.map(([id, { text }]) => [`note ${id}`, text] as const),
      ].sort();
    };
    const equal = async (): Promise<void> => {
      const missed = (): string => `equal documents.\n${host.output.slice(-2_000)}`;
      await until(async () => JSON.stringify(await seen()) === JSON.stringify([...textsOf(simulator)].sort()), missed);
    };

    it('killed in the middle of a batch, it leaves the server equal after its restart', async () => {
      await make();
      for (const bytes of [30_000, 120_000]) {
        relay.mute = false;
        const stopped = new Promise<void>((resolve) => {
          relay.onSent = (sent) => {
            if (sent < bytes) return;
            relay.mute = true;
            resolve();
          };
        });
        host.start();
        await stopped;
        await host.end('SIGKILL');
        work(simulator, 4);
      }
      relay.onSent = () => undefined;
      relay.mute = false;
      host.start();
      await equal();
      work(simulator, 6);
      await equal();
      await host.end('SIGTERM');
    });

    it('survives that the server goes away and comes back while live changes go on', async () => {
      await make();
      host.start();
      await equal();
      await relay.stop();
      work(simulator, 5);
      await until(
        () => host.output.includes('feed.down'),
        () => 'the outage is noticed',
      );
      await relay.listen();
      work(simulator, 5);
      await equal();
      expect(host.output).toContain('feed.up');
    });
  });
}
