import { copyFile, rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { keyText } from '@soar-feed/core';
import type { FeedEvent, ObjectKey } from '@soar-feed/core';
import { FeedBench, targetOptions } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('an older mapping put back', () => {
  let bench: FeedBench;
  afterEach(() => bench.stop());

  const fileOf = ({ mapping }: FeedBench) => (mapping.client === 'sqlite' ? mapping.file : '');

  async function makeIncident(name: string): Promise<number> {
    const { id } = bench.source.createIncident({ name, discovered_date: 1 });
    const task = bench.source.createTask(id, { name: 'Task' });
    const note = bench.source.addNote({ incidentId: id }, 'a note');
    bench.source.reply(note.id, 'a reply');
    bench.source.addNote({ taskId: task.id }, 'of the task');
    bench.source.addRow(id, 'hosts', { host: 'h' });
    return id;
  }

  async function replicate(names: readonly string[]): Promise<readonly number[]> {
    const feed = await bench.feed();
    const ids = [];
    for (const name of names) ids.push(await makeIncident(name));
    for (const id of ids) await bench.deliverAll(feed, await bench.events.whole(id));
    await feed.close();
    return ids;
  }

  function sizes(): readonly (readonly [string, number, number, number])[] {
    const { target } = bench;
    return target
      .incidents()
      .map(
        ({ id, name }) =>
          [name, target.tasks(id).length, target.notes({ incidentId: id }).length, target.rows(id).length] as const,
      );
  }

  /** Two incidents lost with the backup, and one more made since; above its id, nothing is looked for. */
  async function putBack(): Promise<readonly number[]> {
    await replicate(['Before']);
    await copyFile(fileOf(bench), `${fileOf(bench)}.backup`);
    const lost = await replicate(['Lost one', 'Lost two']);
    for (const end of ['', '-wal', '-shm']) await rm(`${fileOf(bench)}${end}`, { force: true });
    await copyFile(`${fileOf(bench)}.backup`, fileOf(bench));
    await replicate(['Since']);
    return lost;
  }

  it.each(['number', 'text'] as const)(
    'references (%s) find every lost incident, and its objects pair',
    async (inputType) => {
      const { schema } = targetOptions;
      const others = (schema?.incidentFields ?? []).filter(({ name }) => !name.startsWith('df_'));
      const references = ['df_org_id', 'df_inc_id'].map((name) => ({ name, inputType }));
      const incidentFields = [...others, ...references, { name: 'df_host', inputType: 'text' as const }];
      bench = await FeedBench.start({ target: { schema: { ...schema, incidentFields } } });
      const lost = await putBack();
      const before = sizes();
      const feed = await bench.feed();
      for (const id of lost) {
        bench.source.updateIncident(id, { name: `Edited ${id}` });
        bench.source.addNote({ incidentId: id }, 'since');
        expect(await bench.deliver(feed, await bench.events.incident(id))).toMatchObject({
          change: 'updated',
          resync: true,
        });
        await bench.deliverAll(feed, await bench.events.whole(id));
      }
      const names = ['Before', `Edited ${lost[0]}`, `Edited ${lost[1]}`, 'Since'];
      const notes = (name: string) => (name.startsWith('Edited') ? 1 : 0);
      expect(sizes()).toEqual(before.map(([, t, n, r], index) => [names[index], t, n + notes(names[index] ?? ''), r]));
    },
  );

  it('a delete finds them, too; neighbours share one search', async () => {
    bench = await FeedBench.start();
    const [one = 0, two = 0] = await putBack();
    const feed = await bench.feed();
    const events = [await bench.events.incident(one), await bench.events.incident(two)];
    const blocks = new Set([one, two].map((id) => Math.floor(id / 100)));
    const searches = await bench.requests(async () => {
      for (const event of events)
        expect(await bench.deliver(feed, bench.events.deleteOf(event))).toMatchObject({ change: 'deleted' });
    });
    // A page for each block, and an empty one that ends it.
    expect(searches.filter((request) => request.includes('query_paged'))).toHaveLength(2 * blocks.size);
    expect(sizes().map(([name]) => name)).toEqual(['Before', 'Since']);
  });

  it('a delete of what hangs below one waits until it is found', async () => {
    bench = await FeedBench.start();
    const [one = 0] = await putBack();
    const feed = await bench.feed();
    const note = (await bench.events.whole(one)).find(({ key }) => key.type === 'note');
    if (note === undefined) throw new Error('no note');
    expect(await bench.deliver(feed, bench.events.deleteOf(note))).toMatchObject({ status: 'waiting' });
    await bench.deliver(feed, await bench.events.incident(one));
    expect(await bench.deliver(feed, bench.events.deleteOf(note))).toMatchObject({ change: 'deleted' });
  });

  it('a delete of what hangs below a task waits until that is found, too; that of a reply finds its text', async () => {
    bench = await FeedBench.start();
    const [one = 0] = await putBack();
    const whole = await bench.events.whole(one);
    const feed = await bench.feed();
    await bench.deliver(feed, await bench.events.incident(one));
    const below = (type: string): FeedEvent => {
      const event = whole.find(({ key, parent }) => key.type === 'note' && parent?.type === type);
      if (event === undefined) throw new Error(`nothing hangs below a ${type}`);
      return event;
    };
    const [ofTask, reply] = [below('task'), below('note')];
    const gone = bench.events.deleteOf(ofTask);
    expect(await bench.deliver(feed, gone)).toEqual({ status: 'waiting', on: ofTask.parent });
    const above = whole.find(({ key }) => keyText(key) === keyText(ofTask.parent as ObjectKey));
    await bench.deliver(feed, above as FeedEvent);
    expect(await bench.deliver(feed, gone)).toMatchObject({ change: 'deleted' });
    // Its note may be gone from the source for good.
    expect(await bench.deliver(feed, bench.events.deleteOf(reply))).toMatchObject({ change: 'deleted' });
  });

  it('an event that took the place of another is compared: a process may have sent that one without recording it', async () => {
    bench = await FeedBench.start();
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'before', discovered_date: 1 });
    const first = await bench.feed();
    await bench.deliver(first, await events.incident(id));
    await first.close();
    const [copyId = 0] = target.incidentIds();
    // Sent, and not recorded.
    target.updateIncident(copyId, { name: 'meanwhile' });
    const feed = await bench.feed();
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'unchanged' });
    const replacing = { ...(await events.incident(id)), replaces: true } as const;
    expect(await bench.deliver(feed, replacing)).toMatchObject({ change: 'updated' });
    expect(target.incident(copyId)).toMatchObject({ name: 'before' });
  });

  it('costs a new incident no request', async () => {
    bench = await FeedBench.start();
    await putBack();
    const feed = await bench.feed();
    // A server's clock is known to a second.
    await sleep(2_000);
    const { id } = bench.source.createIncident({ name: 'New', discovered_date: 1 });
    const event = await bench.events.incident(id);
    const requests = await bench.requests(() => bench.deliver(feed, event));
    expect(requests).toEqual(['POST /incidents']);
  });

  it('put back while the feed runs: noticed with the next commit, and nothing is made twice', async () => {
    bench = await FeedBench.start();
    const first = await bench.feed();
    const id = await makeIncident('Made by this run');
    await bench.deliverAll(first, await bench.events.whole(id));
    const before = sizes();
    await bench.putBackWithout(id);
    bench.source.updateIncident(id, { name: 'Edited' });
    const event = await bench.events.incident(id);
    const putBack = { kind: 'unavailable', code: 'mapping-put-back' };
    await expect(bench.deliver(first, event)).rejects.toMatchObject(putBack);
    // As the host does in that case.
    await first.close();
    const feed = await bench.feed();
    await bench.deliver(feed, event);
    await bench.deliverAll(feed, await bench.events.whole(id));
    expect(sizes()).toEqual(before.map(([, ...others]) => ['Edited', ...others]));
  });

  it('an incident of another source with the same organization id is no counterpart', async () => {
    bench = await FeedBench.start();
    await putBack();
    const { id } = bench.source.createIncident({ name: 'Mine', discovered_date: 9 });
    bench.target.createIncident({
      ...{ name: 'From elsewhere', discovered_date: 1 },
      properties: { df_org_id: 201, df_inc_id: id, df_host: 'elsewhere.example.com' },
    });
    const feed = await bench.feed();
    expect(await bench.deliver(feed, await bench.events.incident(id))).toMatchObject({ change: 'created' });
  });

  it('tells equal tasks, notes and replies apart by the order in which they were made, whichever comes first', async () => {
    bench = await FeedBench.start();
    const { source, events } = bench;
    const { id } = source.createIncident({ name: 'Equals', discovered_date: 1 });
    const twice = (make: () => { readonly id: number }): number[] => [make().id, make().id];
    const tasks = twice(() => source.createTask(id, { name: 'The same' }));
    const above = source.addNote({ incidentId: id }, 'a note');
    const notes = [
      ...twice(() => source.addNote({ incidentId: id }, 'the same')),
      ...twice(() => source.addNote({ taskId: tasks[0] ?? 0 }, 'the same')),
      ...twice(() => source.reply(above.id, 'the same')),
    ];
    const whole = await events.whole(id);
    const first = await bench.feed();
    await bench.deliverAll(first, whole);
    const refs = new Map<string, string | undefined>();
    for await (const { key, ref } of first.insight().records({ incidentId: id })) refs.set(keyText(key), ref);
    await first.close();
    await bench.loseMapping();

    const second = await bench.feed();
    const eventOf = (type: string, objectId: number): FeedEvent =>
      whole.find(({ key }) => key.type === type && key.objectId === objectId) as FeedEvent;
    await bench.deliver(second, whole[0] as FeedEvent);
    await bench.deliver(second, eventOf('note', above.id));
    const equals = [
      ...tasks.toReversed().map((taskId) => eventOf('task', taskId)),
      ...notes.toReversed().map((noteId) => eventOf('note', noteId)),
    ];
    for (const event of equals) {
      const ref = refs.get(keyText(event.key));
      expect(ref).toMatch(/^\d+$/);
      expect(await bench.deliver(second, event)).toMatchObject({ status: 'delivered', ref });
    }
    await second.close();
  });
});
