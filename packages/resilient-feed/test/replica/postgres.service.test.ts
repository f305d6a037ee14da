import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { FeedHost } from '@soar-feed/core/runtime';
import { runWorkload, seedIncidents } from '@soar-feed/soar-simulator';
import { freshDatabase, withPostgres } from '../helpers/postgres.js';
import type { FreshDatabase } from '../helpers/postgres.js';
import { ibmDatabase } from '../helpers/ibmDatabase.js';
import type { IbmVersion } from '../helpers/ibmDatabase.js';
import { caughtUp, compared, IDENTICAL, replicaBench } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(180_000);

withPostgres('a replica whose mapping and state are in PostgreSQL', (url) => {
  let database: FreshDatabase;
  let bench: ReplicaBench | undefined;
  beforeEach(async () => {
    database = await freshDatabase(url);
  });
  afterEach(async () => {
    await bench?.stop();
    bench = undefined;
    await database.drop();
  });

  async function replica(): Promise<ReplicaBench> {
    const { hostname, port, pathname, username, password } = new URL(database.url);
    const connect = `Driver={PostgreSQL};Server=${hostname};DB=${pathname.slice(1)};Port=${port || '5432'}`;
    const login = [`postgresql_uid=${username}`, ...(password === '' ? [] : [`postgresql_pwd=${password}`])];
    bench = await replicaBench({
      feeds: ['feed_names=resilient_feed', `state_db=${database.url}`],
      resilientFeed: ['sqlite_sync_file=', `postgresql_connect=${connect}`, ...login],
    });
    return bench;
  }

  async function running(made: ReplicaBench): Promise<FeedHost> {
    const host = await made.makeHost();
    await host.start();
    return host;
  }

  it('is identical after a reload, over a restart, and follows live work; IBM reads its rows', async () => {
    const made = await replica();
    const { source, simulator } = made;
    seedIncidents(source, { incidents: 8, seed: 6 });
    const first = await running(made);
    await first.reload(first.wholeRange());
    await runWorkload(source, { operations: 40, seed: 61, perSecond: 60 });
    await caughtUp(made, first);
    expect(compared(made)).toEqual(IDENTICAL);
    await first.stop(2_000);

    const second = await running(made);
    simulator.requests.reset();
    await second.reload(second.wholeRange());
    await caughtUp(made, second);
    expect(simulator.requests.writes).toBe(0);
    await runWorkload(source, { operations: 40, seed: 62, perSecond: 60 });
    await caughtUp(made, second);
    expect(compared(made)).toEqual(IDENTICAL);

    const ibm = await ibmDatabase(database.config);
    for (const { id } of source.incidents())
      expect(await ibm.find('incident', id, id)).toMatchObject({ status: 'active', org2: made.target.id });
    await ibm.close();
  });

  it.each<IbmVersion>(['v1', 'v2'])("takes over what a feed of IBM's (%s) had still to retry", async (version) => {
    const made = await replica();
    const { source } = made;
    seedIncidents(source, { incidents: 3, seed: 7 });
    const [one = 0, two = 0, three = 0] = source.incidentIds();
    const ibm = await ibmDatabase(database.config, version);
    await ibm.retry(one, 'incident', one, 'note', 1);
    await ibm.retry(one, 'incident', one, 'note', 2);
    await ibm.retry(two, 'task', 4, 'attachment', 3);
    await ibm.retry(three, 'incident', three, 'note', 5, 999);
    const host = await running(made);
    await caughtUp(made, host);
    // This belongs to another target org: we do not judge it.
    expect(await ibm.retries()).toMatchObject([{ org2: 999 }]);
    await ibm.close();
    expect(compared(made)).toMatchObject({ doubled: [], different: [] });
    expect(compared(made).missing.map(({ incidentId }) => incidentId)).toEqual([three]);
  });
});
