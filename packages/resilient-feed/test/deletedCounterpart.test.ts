import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('a task of the target that the feed has deleted', () => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  const customTasks = (incidentId: number) =>
    bench.target
      .tasks(incidentId)
      .filter(({ custom }) => custom)
      .map(({ name }) => name);

  it('is nothing that a task without a row may be', async () => {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Again', discovered_date: 1 });
    const before = await bench.feed();
    await bench.deliver(before, await events.incident(id));
    const deleted = await events.task(source.createTask(id, { name: 'deleted' }).id);
    await bench.deliver(before, deleted);
    await before.close();
    const [copyId = 0] = target.incidentIds();
    target.createTask(copyId, { name: 'of a person' });

    // Older than this run: their rows may have been lost, so the target is read.
    const [one, two] = ['one', 'two'].map((name) => source.createTask(id, { name }).id);
    const feed = await bench.feed();
    await bench.deliver(feed, await events.task(one ?? 0));
    await bench.deliver(feed, events.deleteOf(deleted));
    expect(await bench.deliver(feed, await events.task(two ?? 0))).toMatchObject({ change: 'created' });
    expect(customTasks(copyId)).toEqual(['of a person', 'one', 'two']);
  });

  it('is not taken for a new one of equal name', async () => {
    const { source, target, events } = bench;
    const feed = await bench.feed();
    const { id } = source.createIncident({ name: 'Equal', discovered_date: 1 });
    await bench.deliver(feed, await events.incident(id));
    const [copyId = 0] = target.incidentIds();
    const first = await events.task(source.createTask(id, { name: 'equal' }).id);
    await bench.deliver(feed, first);
    source.updateIncident(id, { incident_type_ids: ['Malware'] });
    // The platform's own tasks have the target's read.
    await bench.deliverAll(feed, await events.whole(id));
    await bench.deliver(feed, events.deleteOf(first));
    const second = await events.task(source.createTask(id, { name: 'equal' }).id);
    expect(await bench.deliver(feed, second)).toMatchObject({ change: 'created' });
    expect(customTasks(copyId)).toEqual(['equal']);
  });
});
