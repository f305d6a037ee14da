import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { aDelete, anIncident, aNote, aTask } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();

const version = (vers: number, more: Parameters<typeof anIncident>[0] = {}): FeedEvent =>
  anIncident({ id: `vers ${vers}`, payload: { vers }, ...more });

describe('a version that goes back', () => {
  const applied = async (...events: readonly FeedEvent[]) => {
    const target = new ScriptedTarget();
    const restored: (boolean | undefined)[] = [];
    target.answer = (event) => {
      restored.push(event.restored);
      return { status: 'delivered', change: 'updated' };
    };
    const made = bench(target);
    await made.feed.start();
    for (const event of events) await made.feed.accept(event);
    const warnings = () =>
      made.log.lines.filter(({ fields }) => fields.event === 'source.set-back' && fields.count === 1);
    return { ...made, target, restored, warnings };
  };

  it.each(['queue', 'reload', 'replay'] as const)(
    'is what the database says, by %s: a restored source',
    async (origin) => {
      const made = await applied(version(9));
      made.reread.answer = version(4, { origin: 'reload' });
      expect(await made.feed.accept(version(3, { origin }))).toMatchObject({ outcome: 'delivered' });
      expect(made.target.seen).toEqual(['2100/incident/2100@9', '2100/incident/2100@4']);
      expect(made.restored).toEqual([undefined, true]);
      expect(await made.parking.last(anIncident().key)).toMatchObject({ stamp: { kind: 'vers', value: 4 } });
      // It goes on from there, with one warning for all.
      made.reread.answer = version(5, { origin: 'reload' });
      expect(await made.feed.accept(version(5))).toMatchObject({ outcome: 'delivered' });
      expect(made.warnings()).toHaveLength(1);
    },
  );

  it('is late where the database shows what was applied', async () => {
    const made = await applied(version(9));
    made.reread.answer = version(9, { origin: 'reload' });
    expect(await made.feed.accept(version(3))).toMatchObject({ outcome: 'superseded' });
    expect(made.target.seen).toEqual(['2100/incident/2100@9']);
    expect(made.warnings()).toEqual([]);
  });

  it('is compared with the destination if the broker brings it again: an earlier process may have sent it since', async () => {
    const made = await applied(version(9));
    made.reread.answer = version(9, { origin: 'reload' });
    const marks: unknown[] = [];
    made.target.answer = ({ payload, replaces }) => {
      marks.push([payload['vers'], replaces]);
      return { status: 'delivered', change: 'updated' };
    };
    const again = { redelivered: true } as const;
    expect(await made.feed.accept(version(3), again)).toMatchObject({ outcome: 'delivered' });
    expect(marks).toEqual([[9, true]]);
    expect(made.warnings()).toEqual([]);
  });

  it('keeps in its row that the broker brings it again: whoever had it before may have sent it', async () => {
    const made = bench(new ScriptedTarget());
    await made.feed.start();
    await made.parking.park(aTask(), { state: 'deferred' });
    await made.feed.accept(version(3), { redelivered: true });
    await made.feed.accept(aNote());
    const [again, once] = [await made.parking.find(version(3).key), await made.parking.find(aNote().key)];
    expect([again?.why, once?.why]).toEqual([{ state: 'deferred', replaces: true }, { state: 'deferred' }]);
  });

  it('lets what came before the restore not win, though its version is higher', async () => {
    const made = await applied(version(9));
    made.reread.answer = version(4, { origin: 'reload' });
    await made.feed.accept(version(4));
    expect(await made.feed.accept(version(10))).toMatchObject({ outcome: 'superseded' });
    expect(made.target.seen).toEqual(['2100/incident/2100@9', '2100/incident/2100@4']);
  });

  it('is read at its turn where a newer one stands parked', async () => {
    const made = await applied(version(3));
    await made.parking.park(version(9), { state: 'deferred' });
    expect(await made.feed.accept(version(4))).toMatchObject({ outcome: 'parked' });
    const [row] = await made.parking.deferred();
    expect(row).not.toHaveProperty('payload');
    made.rebuilt.set('incident/2100', version(4, { origin: 'replay' }));
    if (row !== undefined) await made.back.bring(row);
    await settle();
    expect(made.target.seen).toEqual(['2100/incident/2100@3', '2100/incident/2100@4']);
    expect(made.parking.index.size).toBe(0);
  });
});

describe('an object that was deleted and is spoken of again', () => {
  it('stands where the database shows it, and goes on', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    await made.feed.start();
    await made.feed.accept(aDelete(version(9)));
    expect(await made.feed.accept(version(8))).toMatchObject({ outcome: 'superseded' });
    made.reread.answer = version(4, { origin: 'reload' });
    expect(await made.feed.accept(version(4))).toMatchObject({ outcome: 'delivered' });
    expect(await made.parking.last(anIncident().key)).toMatchObject({ deleted: false });
    expect(target.seen).toEqual(['delete 2100/incident/2100', '2100/incident/2100@4']);
  });
});

describe('a broker’s time that goes back', () => {
  it('decides nothing: the server’s clock may have been set, so the object is read', async () => {
    const target = new ScriptedTarget();
    const made = bench(target);
    await made.feed.start();
    await made.feed.accept(aTask({ observedAtMs: 1_200_000 }));
    made.reread.answer = aTask({ origin: 'reload', payload: { name: 'as it stands' }, observedAtMs: 1_300_000 });
    expect(await made.feed.accept(aTask({ id: 'by the right clock', observedAtMs: 5 }))).toMatchObject({
      outcome: 'delivered',
    });
    expect(target.seen).toHaveLength(2);
    expect(await made.parking.last(aTask().key)).toMatchObject({ stamp: { kind: 'read', value: 1_300_000 } });
  });
});
