import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { rm } from 'node:fs/promises';
import type { FeedEvent } from '@soar-feed/core';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('an incident that the mapping lost, without references', () => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  /**
   * Incidents of these names, replicated; then the mapping is lost, and without `notes` also the notes about their
   * origin.
   */
  async function lost(names: readonly string[], { notes = true } = {}): Promise<readonly number[]> {
    const { source, target, events } = bench;
    const feed = await bench.feed({ syncReferenceFields: false });
    const ids = names.map((name) => source.createIncident({ name, discovered_date: 1 }).id);
    for (const id of ids) await bench.deliver(feed, await events.incident(id));
    await feed.close();
    for (const incidentId of notes ? [] : target.incidentIds())
      for (const note of target.notes({ incidentId })) target.deleteNote(note.id);
    const { mapping } = bench;
    if (mapping.client === 'sqlite')
      for (const end of ['', '-wal', '-shm']) await rm(`${mapping.file}${end}`, { force: true });
    return ids;
  }

  it('is told from one of equal name and date by the note about its origin', async () => {
    const ids = await lost(['Twins', 'Twins', 'Twins']);
    const copies = bench.target.incidentIds();
    const feed = await bench.feed({ syncReferenceFields: false });
    const refs = [];
    for (const id of [...ids].reverse()) {
      const result = await bench.deliver(feed, await bench.events.incident(id));
      refs.push(result.status === 'delivered' && Number(result.ref));
    }
    expect(refs.reverse()).toEqual(copies);
    expect(bench.target.incidentIds()).toEqual(copies);
  });

  it('is undecided where no note tells, once for each event; what hangs below waits; a person has it made', async () => {
    const { source, target, events } = bench;
    const [id = 0] = await lost(['Twins', 'Twins'], { notes: false });
    const copies = target.incidentIds();
    const feed = await bench.feed({ syncReferenceFields: false });
    const event = await events.incident(id);
    const undecided = { kind: 'permanent', code: 'undecided', message: expect.stringContaining(copies.join(', ')) };
    await expect(bench.deliver(feed, event)).rejects.toMatchObject(undecided);
    const note = source.addNote({ incidentId: id }, 'waits');
    expect(await bench.deliver(feed, await events.note(id, note.id))).toMatchObject({ status: 'waiting' });
    // A newer event of it is not a decision.
    const newer: FeedEvent = await events.incident(id);
    await expect(bench.deliver(feed, newer)).rejects.toMatchObject(undecided);
    expect(target.incidentIds()).toEqual(copies);
    await feed.close();
    // Nor is the same event again, in another process: its row may never have been stored.
    const again = await bench.feed({ syncReferenceFields: false });
    await expect(bench.deliver(again, newer)).rejects.toMatchObject(undecided);
    const decided = { ...newer, origin: 'replay', decided: true } as const;
    expect(await bench.deliver(again, decided)).toMatchObject({ change: 'created' });
    expect(target.incidentIds()).toHaveLength(copies.length + 1);
  });

  it('is made again where the search still shows a counterpart that is gone', async () => {
    const { target, events } = bench;
    const [id = 0] = await lost(['Gone']);
    const feed = await bench.feed({ syncReferenceFields: false });
    const gone = bench.simulator.faults.add({ org: 202, method: 'GET', path: '/incidents/*/comments', status: 404 });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'created' });
    expect(gone.hits).toBe(1);
    expect(target.incidentIds()).toHaveLength(2);
  });

  it('is undecided where only its name or its date is left of it', async () => {
    const { source, target, events } = bench;
    const [id = 0] = await lost(['Before'], { notes: false });
    source.updateIncident(id, { name: 'After' });
    const feed = await bench.feed({ syncReferenceFields: false });
    await expect(bench.deliver(feed, await events.incident(id))).rejects.toMatchObject({ code: 'undecided' });
    expect(target.incidentIds()).toHaveLength(1);
  });

  it('is not searched for what the target cannot hold', async () => {
    const { source, target, events } = bench;
    const [id = 0] = await lost(['Found']);
    const feed = await bench.feed({ syncReferenceFields: false });
    await bench.deliver(feed, await events.incident(id));
    const { id: rowId } = source.addRow(id, 'source_table', { what: 'only here' });
    const row = (await events.whole(id)).find(({ key }) => key.type === 'source_table' && key.objectId === rowId);
    if (row === undefined) throw new Error('the row is to be read');
    const requests = await bench.requests(async () => {
      expect(await bench.deliver(feed, events.deleteOf(row))).toEqual({ status: 'delivered', change: 'unchanged' });
    });
    expect(requests).toEqual([]);
    expect(target.incidentIds()).toHaveLength(1);
  });

  it('costs a new incident no look at the old ones', async () => {
    // Made an hour before the new one.
    bench.target.clockOffsetMs = -3_600_000;
    await lost(['Old', 'Older']);
    bench.target.clockOffsetMs = 0;
    const feed = await bench.feed({ syncReferenceFields: false });
    const { id } = bench.source.createIncident({ name: 'New', discovered_date: 1 });
    const event = await bench.events.incident(id);
    const requests = await bench.requests(() => bench.deliver(feed, event));
    expect(requests).toEqual(['POST /incidents']);
  });
});
