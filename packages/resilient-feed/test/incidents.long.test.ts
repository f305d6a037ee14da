import { rename } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { DeliveryResult } from '@soar-feed/core';
import type { ResilientFeedSettings } from '../src/config.js';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

/** Which incidents are fed, and what happens to them when that changes. */
describe('incidents that come and go', () => {
  let bench: FeedBench;
  const feeds: ResilientFeed[] = [];
  beforeAll(async () => {
    bench = await FeedBench.start();
  });
  afterEach(async () => {
    for (const feed of feeds.splice(0)) await feed.close();
  });
  afterAll(() => bench.stop());

  async function open(
    settings: Partial<ResilientFeedSettings> & { readonly filter?: string } = {},
  ): Promise<ResilientFeed> {
    const feed = await bench.feed(settings);
    feeds.push(feed);
    return feed;
  }

  function newest(): number {
    return bench.target.incidentIds().at(-1) ?? 0;
  }

  const refOf = (result: DeliveryResult) => Number(result.status === 'delivered' && result.ref);

  it('that do not match are skipped with all they hold, and loaded whole once they do', async () => {
    const { source, target, events } = bench;
    const feed = await open({ filter: 'severity_code = High' });
    const before = target.incidentIds();
    const { id } = source.createIncident({ name: 'Grows', discovered_date: 1, severity_code: 'Low' });
    const note = source.addNote({ incidentId: id }, 'early');
    expect(await bench.deliver(feed, await events.incident(id))).toEqual({ status: 'skipped', reason: 'filtered' });
    expect(await bench.deliver(feed, await events.note(id, note.id))).toEqual({
      status: 'skipped',
      reason: 'filtered',
    });
    expect(target.incidentIds()).toEqual(before);

    source.updateIncident(id, { severity_code: 'High' });
    const matching = await bench.deliver(feed, await events.incident(id));
    expect(matching).toMatchObject({ status: 'delivered', change: 'created', resync: true });
    // Until it has come whole, the wish stands: the host may have died before it stored it.
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'unchanged', resync: true });
    await bench.deliverAll(feed, await events.whole(id));
    expect(target.notes({ incidentId: newest() }).map(({ text }) => text)).toContain('early');
    const settled = await bench.deliver(feed, await events.incident(id));
    expect(settled).toMatchObject({ change: 'unchanged' });
    expect(settled).not.toHaveProperty('resync');
  });

  it('that stop matching stay as they were, and continue when they match again', async () => {
    const { source, target, events } = bench;
    const feed = await open({ filter: 'severity_code = High' });
    const { id } = source.createIncident({ name: 'Comes and goes', discovered_date: 1, severity_code: 'High' });
    const note = source.addNote({ incidentId: id }, 'before');
    const gone = source.addNote({ incidentId: id }, 'deleted meanwhile');
    await bench.deliverAll(feed, await events.whole(id));
    const copyId = newest();
    const goneEvent = await events.note(id, gone.id);

    source.updateIncident(id, { severity_code: 'Low', name: 'Meanwhile' });
    expect(await bench.deliver(feed, await events.incident(id))).toEqual({ status: 'skipped', reason: 'frozen' });
    source.editNote(note.id, 'meanwhile');
    source.deleteNote(gone.id);
    expect(await bench.deliver(feed, await events.note(id, note.id))).toEqual({ status: 'skipped', reason: 'frozen' });
    expect(await bench.deliver(feed, events.deleteOf(goneEvent))).toEqual({ status: 'skipped', reason: 'frozen' });
    expect(target.incident(copyId).name).toBe('Comes and goes');
    expect(target.notes({ incidentId: copyId }).map(({ text }) => text)).toEqual(
      expect.arrayContaining(['before', 'deleted meanwhile']),
    );

    source.updateIncident(id, { severity_code: 'High' });
    const again = await bench.deliver(feed, await events.incident(id));
    expect(again).toMatchObject({ change: 'updated', resync: true });
    expect(refOf(again)).toBe(copyId);
    await bench.deliverAll(feed, await events.whole(id));
    expect(target.incident(copyId).name).toBe('Meanwhile');
    const texts = target.notes({ incidentId: copyId }).map(({ text }) => text);
    expect(texts).toContain('meanwhile');
    expect(texts).not.toContain('deleted meanwhile');
  });

  it('that are not new when they first come are loaded whole', async () => {
    const { source, events } = bench;
    const feed = await open();
    const { id } = source.createIncident({ name: 'Old', discovered_date: 1 });
    const event = await events.incident(id);
    const later = { ...event, observedAtMs: event.observedAtMs + 61_000 };
    expect(await bench.deliver(feed, later)).toMatchObject({ change: 'created', resync: true });
  });

  it('that are deleted stay in the target for good where delete_incidents is off', async () => {
    const { source, target, events } = bench;
    const feed = await open({ deleteIncidents: false });
    const { id } = source.createIncident({ name: 'Stays', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'a note');
    const whole = await events.whole(id);
    await bench.deliverAll(feed, whole);
    const copyId = newest();
    const [incident] = whole;
    if (incident === undefined) throw new Error('no incident');
    expect(await bench.deliver(feed, events.deleteOf(incident))).toMatchObject({ status: 'skipped' });
    expect(target.incidentIds()).toContain(copyId);
    expect(await bench.deliver(feed, await events.note(id, note.id))).toEqual({
      status: 'skipped',
      reason: 'bypassed',
    });
    expect(await bench.deliver(feed, incident)).toEqual({ status: 'skipped', reason: 'bypassed' });
  });

  it('that came from the target are not sent back, nor is what they hold', async () => {
    const { source, target, events } = bench;
    const feed = await open();
    const before = target.incidentIds();
    const replica = { df_org_id: 202, df_inc_id: 7, df_host: bench.simulator.host };
    const { id } = source.createIncident({ name: 'Replica', discovered_date: 1, properties: replica });
    const note = source.addNote({ incidentId: id }, 'a note');
    for (const event of [await events.incident(id), await events.note(id, note.id), await events.incident(id)]) {
      expect(await bench.deliver(feed, event)).toEqual({ status: 'skipped', reason: 'replica' });
    }
    expect(target.incidentIds()).toEqual(before);
    // The same org id on another platform is another org.
    const elsewhere = { ...replica, df_host: 'soar.example.com' };
    const other = source.createIncident({ name: 'From elsewhere', discovered_date: 1, properties: elsewhere });
    expect(await bench.deliver(feed, await events.incident(other.id))).toMatchObject({ change: 'created' });
  });

  it('that somebody deleted in the target are made again, with all they hold', async () => {
    const { source, target, events } = bench;
    const feed = await open();
    const { id } = source.createIncident({ name: 'Deleted there', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'a note');
    await bench.deliverAll(feed, await events.whole(id));
    target.deleteIncident(newest());

    source.editNote(note.id, 'edited');
    expect(await bench.deliver(feed, await events.note(id, note.id))).toEqual({
      status: 'waiting',
      on: { orgId: 201, incidentId: id, type: 'incident', objectId: id },
    });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'created' });
    await bench.deliverAll(feed, await events.whole(id));
    expect(target.notes({ incidentId: newest() }).map(({ text }) => text)).toContain('edited');

    target.deleteIncident(newest());
    source.updateIncident(id, { name: 'Again' });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'created', resync: true });
  });

  it.each([
    ['recreate', { status: 'delivered', change: 'created' }],
    ['skip', { status: 'skipped', reason: 'deleted in the target: note' }],
    ['park', undefined],
  ] as const)('whose note was deleted in the target: on_target_missing = %s', async (onTargetMissing, expected) => {
    const { source, target, events } = bench;
    const feed = await open({ onTargetMissing });
    const { id } = source.createIncident({ name: 'Note deleted there', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'a note');
    await bench.deliverAll(feed, await events.whole(id));
    const copy = target.notes({ incidentId: newest() }).find(({ text }) => text === 'a note');
    target.deleteNote(copy?.id ?? 0);
    source.editNote(note.id, 'edited');
    const delivery = bench.deliver(feed, await events.note(id, note.id));
    if (expected === undefined)
      await expect(delivery).rejects.toMatchObject({ kind: 'permanent', code: 'target-missing' });
    else expect(await delivery).toMatchObject(expected);
  });

  it('whose types change get the tasks of the new types, each once', async () => {
    const { source, target, events } = bench;
    const feed = await open();
    const { id } = source.createIncident({ name: 'Retyped', discovered_date: 1 });
    await bench.deliverAll(feed, await events.whole(id));
    source.updateIncident(id, { incident_type_ids: ['Malware'] });
    await bench.deliverAll(feed, await events.whole(id));
    const names = (tasks: readonly { name: string; custom: boolean }[]) =>
      tasks.map(({ name, custom }) => `${name} ${custom}`).sort();
    expect(source.tasks(id).length).toBeGreaterThan(0);
    expect(names(target.tasks(newest()))).toEqual(names(source.tasks(id)));
  });

  it.each(['queue', 'replay'] as const)(
    'whose new tasks are heard of before its new types (by %s) gets them once: they wait for it, once',
    async (origin) => {
      const { source, target, events } = bench;
      const feed = await open();
      const { id } = source.createIncident({ name: 'Retyped late', discovered_date: 1 });
      await bench.deliverAll(feed, await events.whole(id));
      source.updateIncident(id, { incident_type_ids: ['Malware'] });
      const [incident, ...objects] = await events.whole(id);
      const tasks = objects.filter(({ key }) => key.type === 'task').map((task) => ({ ...task, origin }));
      expect(tasks.length).toBeGreaterThan(0);
      for (const task of tasks) expect(await bench.deliver(feed, task)).toMatchObject({ status: 'waiting' });
      if (incident !== undefined) await bench.deliver(feed, incident);
      for (const task of tasks)
        expect(await bench.deliver(feed, { ...task, origin: 'replay' })).toMatchObject({ status: 'delivered' });
      expect(
        target
          .tasks(newest())
          .map(({ name }) => name)
          .sort(),
      ).toEqual(
        source
          .tasks(id)
          .map(({ name }) => name)
          .sort(),
      );
    },
  );
});

describe('the organization', () => {
  let bench: FeedBench;
  beforeAll(async () => {
    bench = await FeedBench.start();
  });
  afterAll(() => bench.stop());

  it('is unwell, while nothing is delivered, when its mapping was moved away, and well once that is back', async () => {
    const feed = await bench.feed();
    const { signal } = new AbortController();
    expect(await feed.health({ signal })).toMatchObject({ state: 'up' });
    const { mapping } = bench;
    if (mapping.client !== 'sqlite') throw new Error('a file');
    await rename(mapping.file, `${mapping.file}.elsewhere`);
    expect(await feed.health({ signal })).toEqual({
      state: 'down',
      detail: expect.stringContaining('put the same file back'),
    });
    await rename(`${mapping.file}.elsewhere`, mapping.file);
    expect(await feed.health({ signal })).toMatchObject({ state: 'up' });
    await feed.close();
  });

  it('tells its health without being opened, and writes nothing', async () => {
    const feed = await bench.feed();
    await feed.close();
    const { signal } = new AbortController();
    const { state, detail } = await feed.health({ signal });
    expect(state).toBe('degraded');
    for (const words of ['Target', 'no field of incident: source_only', 'no data table: source_table', 'Badge ID'])
      expect(detail).toContain(words);
    bench.simulator.faults.add({ status: 503 });
    expect(await feed.health({ signal })).toMatchObject({ state: 'down' });
    bench.simulator.faults.clear();
    expect(bench.simulator.requests.writes).toBe(0);
  });

  it('that cannot be used is unavailable at open; a file that can never be the mapping is the config’s fault', async () => {
    const connection = { host: bench.simulator.host, port: bench.simulator.restPort, org: '202', apiKeyId: 'key-202' };
    const wrongKey = { ...connection, apiKeySecret: 'wrong', cafile: bench.simulator.caFile };
    await expect(bench.feed({ connection: wrongKey })).rejects.toMatchObject({ kind: 'unavailable' });
    for (const file of [bench.simulator.caFile, '/nowhere/mapping.db']) {
      const opening = bench.feed({ mapping: { client: 'sqlite', file } });
      await expect(opening).rejects.toMatchObject({
        issues: [{ section: 'resilient_feed', key: 'sqlite_sync_file', problem: expect.stringContaining(file) }],
      });
    }
  });

  it('is not written to while the mapping cannot be read', async () => {
    const feed = await bench.feed();
    const { id } = bench.source.createIncident({ name: 'Waits for the mapping', discovered_date: 1 });
    const event = await bench.events.incident(id);
    await feed.close();
    await expect(bench.deliver(feed, event)).rejects.toMatchObject({ kind: 'unavailable' });
  });
});
