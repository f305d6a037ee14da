import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';
import { freshDatabase, withPostgres } from './helpers/postgres.js';
import type { FreshDatabase } from './helpers/postgres.js';

jest.setTimeout(120_000);

withPostgres('a PostgreSQL mapping put back from an older copy', (server) => {
  let bench: FeedBench;
  let database: FreshDatabase;
  beforeEach(async () => {
    bench = await FeedBench.start();
    database = await freshDatabase(server);
  });
  afterEach(async () => {
    await bench.stop();
    await database.drop();
  });

  const open = (): Promise<ResilientFeed> => bench.feed({ mapping: database.config });

  async function make(name: string): Promise<number> {
    const { id } = bench.source.createIncident({ name, discovered_date: 1 });
    const task = bench.source.createTask(id, { name: 'Task' });
    bench.source.addNote({ incidentId: id }, 'a note');
    bench.source.addNote({ taskId: task.id }, 'of the task');
    bench.source.addRow(id, 'hosts', { host: 'h' });
    return id;
  }

  async function replicate(feed: ResilientFeed, name: string): Promise<number> {
    const id = await make(name);
    await bench.deliverAll(feed, await bench.events.whole(id));
    return id;
  }

  const shape = () =>
    bench.target.incidents().map(({ id, name }) => ({
      name,
      tasks: bench.target.tasks(id).length,
      notes: bench.target.notes({ incidentId: id }).length,
      rows: bench.target.rows(id).length,
    }));

  /** As the host does: an error that says that the target is away closes it, and it is opened again. */
  async function deliverPatiently(feed: ResilientFeed, event: FeedEvent): Promise<ResilientFeed> {
    let current = feed;
    for (let tries = 0; tries < 5; tries += 1) {
      try {
        await bench.deliver(current, event);
        return current;
      } catch (error) {
        expect(error).toMatchObject({ kind: 'unavailable' });
        await current.close();
        current = await open();
      }
    }
    throw new Error('Opened five times, and still away.');
  }

  it.each(['while the feed runs', 'while it is down'])('%s doubles nothing', async (when) => {
    const first = await open();
    await replicate(first, 'Before');
    await first.close();
    const backup = await database.copy();
    let feed = await open();
    const lost = [await replicate(feed, 'Lost one'), await replicate(feed, 'Lost two')];
    const before = shape();
    if (when === 'while it is down') await feed.close();
    await database.putBack(backup);
    if (when === 'while it is down') {
      feed = await open();
      await replicate(feed, 'Since');
    }
    for (const id of lost) {
      bench.source.updateIncident(id, { name: `Edited ${id}` });
      feed = await deliverPatiently(feed, await bench.events.incident(id));
      await bench.deliverAll(feed, await bench.events.whole(id));
    }
    const edited = before.map((each, at) => (at === 0 ? each : { ...each, name: `Edited ${lost[at - 1]}` }));
    expect(shape().filter(({ name }) => name !== 'Since')).toEqual(edited);
  });
});
