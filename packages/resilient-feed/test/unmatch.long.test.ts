import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { ResilientFeed } from '../src/ResilientFeed.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('an incident that stops matching', () => {
  let bench: FeedBench;
  let feed: ResilientFeed;
  beforeAll(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => feed.close());
  afterAll(() => bench.stop());

  /** An incident with a note, both in the target. */
  async function matching(): Promise<{ id: number; noteId: number; copyId: number }> {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Matches', discovered_date: 1, severity_code: 'High' });
    const note = source.addNote({ incidentId: id }, 'a note');
    await bench.deliverAll(feed, await events.whole(id));
    return { id, noteId: note.id, copyId: target.incidentIds().at(-1) ?? 0 };
  }

  it('is closed where on_unmatch says so, left alone, and goes on open when it matches again', async () => {
    const { source, target, events } = bench;
    feed = await bench.feed({ filter: 'severity_code = High', onUnmatch: 'close' });
    const { id, noteId, copyId } = await matching();
    source.updateIncident(id, { severity_code: 'Low', name: 'Meanwhile' });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ status: 'delivered' });
    expect(target.incident(copyId)).toMatchObject({ name: 'Matches', plan_status: 'C' });

    source.editNote(noteId, 'meanwhile');
    const requests = await bench.requests(async () => {
      expect(await bench.deliver(feed, await events.note(id, noteId))).toMatchObject({ status: 'skipped' });
      expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ status: 'skipped' });
    });
    expect(requests).toEqual([]);

    source.updateIncident(id, { severity_code: 'High' });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({
      ...{ status: 'delivered', change: 'updated', ref: String(copyId), resync: true },
    });
    await bench.deliverAll(feed, await events.whole(id));
    expect(target.incident(copyId)).toMatchObject({ name: 'Meanwhile', plan_status: 'A' });
    expect(target.notes({ incidentId: copyId }).map(({ text }) => text)).toContain('meanwhile');
  });

  it('is known although the mapping was lost: closed, deleted with the source, and its objects are found again', async () => {
    const { source, target, events } = bench;
    feed = await bench.feed({ filter: 'severity_code = High' });
    const [gone, kept] = [await matching(), await matching()];
    await feed.close();
    await bench.loseMapping();
    feed = await bench.feed({ filter: 'severity_code = High', onUnmatch: 'close' });
    for (const { id, copyId } of [gone, kept]) {
      source.updateIncident(id, { severity_code: 'Low' });
      expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ status: 'delivered' });
      expect(target.incident(copyId)).toMatchObject({ plan_status: 'C' });
    }
    const event = await events.incident(gone.id);
    source.deleteIncident(gone.id);
    expect(await bench.deliver(feed, events.deleteOf(event))).toMatchObject({ change: 'deleted' });
    expect(target.incidentIds()).not.toContain(gone.copyId);

    source.updateIncident(kept.id, { severity_code: 'High' });
    await bench.deliverAll(feed, await events.whole(kept.id));
    expect(target.notes({ incidentId: kept.copyId }).filter(({ text }) => text === 'a note')).toHaveLength(1);
  });

  it('is deleted where on_unmatch says so, and made anew with all it holds when it matches again', async () => {
    const { source, target, events } = bench;
    feed = await bench.feed({ filter: 'severity_code = High', onUnmatch: 'delete' });
    const { id, noteId, copyId } = await matching();
    source.updateIncident(id, { severity_code: 'Low' });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ status: 'delivered' });
    expect(target.incidentIds()).not.toContain(copyId);

    expect(await bench.deliver(feed, await events.note(id, noteId))).toEqual({ status: 'skipped', reason: 'filtered' });
    expect(await bench.deliver(feed, await events.incident(id))).toEqual({ status: 'skipped', reason: 'filtered' });

    source.updateIncident(id, { severity_code: 'High' });
    const again = await bench.deliver(feed, await events.incident(id));
    expect(again).toMatchObject({ status: 'delivered', change: 'created', resync: true });
    await bench.deliverAll(feed, await events.whole(id));
    const newId = target.incidentIds().at(-1) ?? 0;
    expect(newId).not.toBe(copyId);
    expect(target.notes({ incidentId: newId }).map(({ text }) => text)).toContain('a note');
  });

  it('whose create was not answered is deleted, and made anew once when it matches again', async () => {
    const { source, target, events } = bench;
    feed = await bench.feed({ filter: 'severity_code = High', onUnmatch: 'delete', createSettleMs: 400 });
    const { id } = source.createIncident({ name: 'Unanswered', discovered_date: 1, severity_code: 'High' });
    bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset: 'after', times: 1 });
    await expect(bench.deliver(feed, await events.incident(id))).rejects.toMatchObject({ kind: 'retryable' });
    source.updateIncident(id, { severity_code: 'Low' });
    const copies = () => target.incidents().filter(({ name }) => name === 'Unanswered');
    expect(copies()).toHaveLength(1);
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ status: 'delivered' });
    expect(copies()).toHaveLength(0);

    source.updateIncident(id, { severity_code: 'High' });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({ change: 'created' });
    await bench.deliverAll(feed, await events.whole(id));
    expect(copies()).toHaveLength(1);
    expect(target.notes({ incidentId: copies()[0]?.id ?? 0 })).toHaveLength(1);
  });

  it.each(['close', 'delete'] as const)('and is gone in the target already is no fault (%s)', async (onUnmatch) => {
    const { source, target, events } = bench;
    feed = await bench.feed({ filter: 'severity_code = High', onUnmatch });
    const { id, copyId } = await matching();
    target.deleteIncident(copyId);
    source.updateIncident(id, { severity_code: 'Low' });
    expect(await bench.deliver(feed, await events.incident(id))).toMatchObject({
      status: expect.stringMatching(/^(delivered|skipped)$/),
    });
    expect(await bench.deliver(feed, await events.incident(id))).toEqual({ status: 'skipped', reason: 'filtered' });
  });
});
