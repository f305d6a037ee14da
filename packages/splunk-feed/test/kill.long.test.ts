import { afterEach, describe, expect, it } from '@jest/globals';
import type { Simulator } from '@soar-feed/soar-simulator';
import { HostProcess, until } from '../../elastic-feed/test/support/HostProcess.js';
import { startWorld, textsOf, work } from '../../elastic-feed/test/support/world.js';
import { TOKEN } from './double/bench.js';
import { SplunkServer } from './double/SplunkServer.js';

describe('a host that feeds Splunk', () => {
  let simulator: Simulator;
  let server: SplunkServer;
  let host: HostProcess;
  afterEach(async () => {
    await host.remove();
    await simulator.stop();
    await server.stop();
  });

  const make = async (ack: boolean): Promise<void> => {
    simulator = await startWorld(40);
    server = await SplunkServer.start({ token: TOKEN, ack });
    const feed = {
      class: 'SplunkHECFeed',
      token: TOKEN,
      host: 'localhost',
      port: String(server.port),
      batch_events: '25',
    };
    host = new HostProcess(simulator, feed);
  };

  /** By the search of the docs: the newest event of each object that is not deleted. */
  const seen = (): ReadonlyMap<string, unknown> =>
    new Map(
      [...server.latest().values()].flatMap(({ sourcetype, event }): [string, unknown][] => {
        if (sourcetype === 'incident') return [[`incident ${event['id']}`, event['name']]];
        return sourcetype === 'note' ? [[`note ${event['id']}`, event['text']]] : [];
      }),
    );
  const equal = async (): Promise<void> => {
    const text = (map: ReadonlyMap<string, unknown>) => JSON.stringify([...map].sort());
    const missed = () =>
      `equal events; there are ${seen().size} of ${textsOf(simulator).size}.\n${host.output.slice(-2_000)}`;
    await until(() => text(seen()) === text(textsOf(simulator)), missed);
  };

  const reloadAtStart = async (): Promise<void> => {
    host.output = '';
    host.start();
    await until(
      () => host.output.includes('"reload.finished"'),
      () => host.output.slice(-2_000),
    );
    await host.end('SIGTERM');
  };

  it.each([true, false])(
    'killed in the middle of a batch, it leaves Splunk equal after its restart (acknowledgements: %p)',
    async (ack) => {
      await make(ack);
      for (const afterEvents of [10, 60]) {
        server.silent = false;
        const stopped = new Promise<void>((resolve) => (server.onStopped = resolve));
        server.stopAfterEvents = afterEvents;
        host.start();
        await stopped;
        await host.end('SIGKILL');
        work(simulator, 4);
      }
      server.silent = false;
      server.stopAfterEvents = Infinity;
      host.start();
      await equal();
      work(simulator, 6);
      await equal();
      await host.end('SIGTERM');
      const told = host.output;
      // A note changes the date of its incident without a message: the first reload sends that.
      await reloadAtStart();
      const before = server.indexed.length;
      await reloadAtStart();
      expect(server.indexed.slice(before)).toEqual([]);
      expect(told + host.output).not.toContain(TOKEN);
    },
  );

  it('survives the restart of Splunk, which loses what it had not indexed, while live changes go on', async () => {
    await make(true);
    host.start();
    await equal();
    server.isStuck = true;
    work(simulator, 3);
    await until(
      () => server.requests.some(({ path }) => path.endsWith('/ack')),
      () => 'it waits for acknowledgements',
    );
    await server.stop();
    work(simulator, 3);
    await until(
      () => host.output.includes('feed.down'),
      () => 'the outage is noticed',
    );
    server.isStuck = false;
    await server.listen();
    work(simulator, 3);
    await equal();
  });
});
