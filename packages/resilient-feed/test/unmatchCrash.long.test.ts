import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { KnexMappingStore } from '../src/mapping/KnexMappingStore.js';
import type { FeedSettings } from './helpers/feedBench.js';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

const filter = 'severity_code = High';

/**
 * Where a crash would leave things half done: from each point, the next start, or the same event again, completes them.
 */
describe('an incident that stops matching while things break', () => {
  let bench: FeedBench;
  beforeEach(async () => {
    bench = await FeedBench.start();
  });
  afterEach(() => bench.stop());

  const feed = (settings: FeedSettings) => bench.feed({ filter, ...settings });

  /** A replicated incident with a note, and the event with which it stops matching. */
  async function stopped(settings: FeedSettings) {
    const { source, target, events } = bench;
    const first = await feed(settings);
    const { id } = source.createIncident({ name: 'Breaks', discovered_date: 1, severity_code: 'High' });
    const note = source.addNote({ incidentId: id }, 'a note');
    await bench.deliverAll(first, await events.whole(id));
    const copyId = target.incidentIds().at(-1) ?? 0;
    source.updateIncident(id, { severity_code: 'Low' });
    return { first, id, copyId, noteId: note.id, event: await events.incident(id) };
  }

  it.each(['before', 'after'] as const)(
    'is closed by another process, whatever on_unmatch says by then: the connection broke %s the server did it',
    async (reset) => {
      const { target, events, source } = bench;
      const { first, id, copyId, noteId, event } = await stopped({ onUnmatch: 'close' });
      bench.simulator.faults.add({ method: 'PATCH', path: '/incidents/:id', reset, times: 1 });
      await expect(bench.deliver(first, event)).rejects.toMatchObject({ kind: 'retryable' });
      // Its objects are left alone from the moment when it was due to be closed.
      source.editNote(noteId, 'meanwhile');
      expect(await bench.deliver(first, await events.note(id, noteId))).toEqual({
        status: 'skipped',
        reason: 'frozen',
      });
      await first.close();

      const second = await feed({ onUnmatch: 'freeze' });
      expect(await bench.deliver(second, event)).toMatchObject({ status: 'delivered' });
      expect(target.incident(copyId).plan_status).toBe('C');
      // Done: if somebody opens it again, it stays open.
      target.reopenIncident(copyId);
      expect(await bench.deliver(second, event)).toEqual({ status: 'skipped', reason: 'frozen' });
      expect(target.incident(copyId).plan_status).toBe('A');
    },
  );

  it('is opened again, not closed after all, when it matches again before the closing was done', async () => {
    const { source, target, events } = bench;
    const { first, id, copyId, event } = await stopped({ onUnmatch: 'close' });
    bench.simulator.faults.add({ method: 'PATCH', path: '/incidents/:id', reset: 'after', times: 1 });
    await expect(bench.deliver(first, event)).rejects.toMatchObject({ kind: 'retryable' });
    await first.close();
    expect(target.incident(copyId).plan_status).toBe('C');

    const second = await feed({ onUnmatch: 'close' });
    source.updateIncident(id, { severity_code: 'High' });
    expect(await bench.deliver(second, await events.incident(id))).toMatchObject({ resync: true, ref: String(copyId) });
    await bench.deliverAll(second, await events.whole(id));
    expect(target.incident(copyId).plan_status).toBe('A');
  });

  it.each(['before', 'after'] as const)(
    'is deleted once, and is a new one when it matches again: the connection broke %s the server did it',
    async (reset) => {
      const { source, target, events } = bench;
      const { first, id, copyId, event } = await stopped({ onUnmatch: 'delete' });
      bench.simulator.faults.add({ method: 'DELETE', path: '/incidents/:id', reset, times: 1 });
      await expect(bench.deliver(first, event)).rejects.toMatchObject({ kind: 'retryable' });
      await first.close();

      const second = await feed({ onUnmatch: 'delete' });
      expect(await bench.deliver(second, event)).toMatchObject({ status: 'delivered', change: 'deleted' });
      expect(target.incidentIds()).not.toContain(copyId);
      expect(await bench.deliver(second, event)).toEqual({ status: 'skipped', reason: 'filtered' });

      source.updateIncident(id, { severity_code: 'High' });
      expect(await bench.deliver(second, await events.incident(id))).toMatchObject({ change: 'created', resync: true });
      await bench.deliverAll(second, await events.whole(id));
      const newId = target.incidentIds().at(-1) ?? 0;
      expect(newId).not.toBe(copyId);
      expect(target.notes({ incidentId: newId }).map(({ text }) => text)).toContain('a note');
    },
  );

  it.each(['close', 'delete'] as const)('that somebody deleted in the target is none to %s', async (onUnmatch) => {
    const { source, target, events } = bench;
    const { first, id, copyId, event } = await stopped({ onUnmatch });
    target.deleteIncident(copyId);
    expect(await bench.deliver(first, event)).toMatchObject({ status: 'delivered' });
    expect(target.incidentIds()).toEqual([]);
    source.updateIncident(id, { severity_code: 'High' });
    expect(await bench.deliver(first, await events.incident(id))).toMatchObject({ change: 'created', resync: true });
  });

  describe('before its create was answered', () => {
    async function unanswered(settings: FeedSettings, reset: 'before' | 'after' = 'after') {
      const { source, events } = bench;
      const running = await feed({ createSettleMs: 300, ...settings });
      const { id } = source.createIncident({ name: 'Unanswered', discovered_date: 1, severity_code: 'High' });
      source.addNote({ incidentId: id }, 'a note');
      bench.simulator.faults.add({ method: 'POST', path: '/incidents', reset, times: 1 });
      await expect(bench.deliver(running, await events.incident(id))).rejects.toMatchObject({ kind: 'retryable' });
      source.updateIncident(id, { severity_code: 'Low' });
      return { running, id, event: await events.incident(id) };
    }

    it('is found, and goes on with all it holds when it matches again, or is deleted with its source', async () => {
      const { source, target, events } = bench;
      const { running, id, event } = await unanswered({});
      expect(await bench.deliver(running, event)).toEqual({ status: 'skipped', reason: 'frozen' });
      const [copyId = 0] = target.incidentIds();
      source.updateIncident(id, { severity_code: 'High' });
      const again = await bench.deliver(running, await events.incident(id));
      expect(again).toMatchObject({ ref: String(copyId), resync: true });
      await bench.deliverAll(running, await events.whole(id));
      expect(target.notes({ incidentId: copyId }).map(({ text }) => text)).toEqual([
        expect.stringContaining('Incident created from'),
        'a note',
      ]);

      source.updateIncident(id, { severity_code: 'Low' });
      const last = await events.incident(id);
      await bench.deliver(running, last);
      expect(await bench.deliver(running, events.deleteOf(last))).toMatchObject({ change: 'deleted' });
      expect(target.incidentIds()).toEqual([]);
    });

    it('is found by its delete, however long it counts as filtered', async () => {
      const { running, id, event } = await unanswered({});
      const mapping = new KnexMappingStore(bench.mapping);
      await running.close();
      await mapping.open(202);
      await mapping.rows.mark({ orgId: 201, incidentId: id, type: 'incident', objectId: id }, 'filtered');
      await mapping.close();
      const second = await feed({});
      expect(await bench.deliver(second, bench.events.deleteOf(event))).toMatchObject({ change: 'deleted' });
      expect(bench.target.incidentIds()).toEqual([]);
    });

    it.each([
      ['close', 'C'],
      ['delete', undefined],
    ] as const)('is found, and ends as on_unmatch says: %s', async (onUnmatch, status) => {
      const { running, event } = await unanswered({ onUnmatch });
      expect(await bench.deliver(running, event)).toMatchObject({ status: 'delivered' });
      expect(bench.target.incidents().map(({ plan_status: now }) => now)).toEqual(status === undefined ? [] : [status]);
    });

    it('is waited for while it may still be made, and filtered then', async () => {
      const { running, event } = await unanswered({}, 'before');
      await expect(bench.deliver(running, event)).rejects.toMatchObject({ code: 'create-unsettled' });
      await sleep(400);
      expect(await bench.deliver(running, event, 2)).toEqual({ status: 'skipped', reason: 'filtered' });
      expect(await bench.requests(() => bench.deliver(running, bench.events.deleteOf(event)))).toEqual([]);
    });
  });
});
