import { afterEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '@soar-feed/soar-simulator';
import { SearchServer } from './double/SearchServer.js';
import { HostProcess, until } from './support/HostProcess.js';
import { startWorld, textsOf, work } from './support/world.js';

describe('a host that feeds a search server', () => {
  let simulator: Simulator;
  let server: SearchServer;
  let host: HostProcess;
  afterEach(async () => {
    await host.remove();
    await simulator.stop();
    await server.stop();
  });

  const make = async (flavour: 'elasticsearch' | 'opensearch'): Promise<void> => {
    simulator = await startWorld(40);
    server = await SearchServer.start({
      flavour,
      authorization: `ApiKey ${Buffer.from('id:top-secret').toString('base64')}`,
    });
    host = new HostProcess(simulator, {
      class: 'ElasticFeed',
      url: server.url,
      api_key: 'id:top-secret',
      batch_events: '25',
    });
  };

  const seen = (): ReadonlyMap<string, unknown> => {
    const all = [...server.sources('resilient_incident')].map(([id, { name }]) => [`incident ${id}`, name] as const);
    const notes = [...server.sources('resilient_note')].map(([id, { text }]) => [`note ${id}`, text] as const);
    return new Map([...all, ...notes].sort());
  };
  const equal = async (): Promise<void> => {
    const text = (map: ReadonlyMap<string, unknown>) => JSON.stringify([...map].sort());
    const missed = () =>
      `equal documents; there are ${seen().size} of ${textsOf(simulator).size}.\n${host.output.slice(-2_000)}`;
    await until(() => text(seen()) === text(textsOf(simulator)), missed);
  };

  it.each(['elasticsearch', 'opensearch'] as const)(
    'killed in the middle of a batch, it leaves %s equal after its restart',
    async (flavour) => {
      await make(flavour);
      for (const afterItems of [10, 60]) {
        server.silent = false;
        const stopped = new Promise<void>((resolve) => (server.onStopped = resolve));
        server.stopAfterItems = afterItems;
        host.start();
        await stopped;
        await host.end('SIGKILL');
        work(simulator, 4);
      }
      server.silent = false;
      server.stopAfterItems = Infinity;
      host.start();
      await equal();
      work(simulator, 6);
      await equal();
      await host.end('SIGTERM');
      expect(server.complaints).toEqual([]);
      expect(host.output).not.toContain('top-secret');
    },
  );

  it('survives the restart of its server while live changes go on', async () => {
    await make('elasticsearch');
    host.start();
    await equal();
    await server.stop();
    work(simulator, 5);
    await until(
      () => host.output.includes('feed.down'),
      () => 'the outage is noticed',
    );
    await server.listen();
    work(simulator, 5);
    await equal();
  });
});
