import { describe, expect, it } from '@jest/globals';
import { anIncident, aNote } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench, closing } = benches();

describe('more rows than are taken at once', () => {
  it('wake with their parent, all of 450, and never fill the memory', async () => {
    const target = new ScriptedTarget();
    const made = bench(target, { maxQueued: 60 });
    await made.feed.start();
    const notes = Array.from({ length: 450 }, (_, at) => aNote({ objectId: 1_000 + at }));
    for (const note of notes) {
      await made.parking.park(note, { state: 'waiting', on: anIncident().key });
      made.rebuilt.set(`note/${note.key.objectId}`, note);
    }
    let most = 0;
    target.answer = async () => {
      most = Math.max(most, made.feed.status().queued);
      return { status: 'delivered', change: 'created' };
    };
    await made.feed.accept(anIncident());
    await settle(3_000);
    expect(target.seen).toHaveLength(451);
    expect(made.parking.index.size).toBe(0);
    expect(most).toBeLessThanOrEqual(31);
  });

  it('are not held back by those of an incident that rests, though these stand first', async () => {
    const target = new ScriptedTarget();
    const made = bench(target, { maxQueued: 2_000 });
    await made.feed.start();
    target.answer = (event) =>
      event.key.incidentId === 1 ? new Promise(() => undefined) : { status: 'delivered', change: 'created' };
    const stuck = Array.from({ length: 300 }, (_, at) => aNote({ incidentId: 1, objectId: 1_000 + at }));
    const behind = aNote({ incidentId: 2, objectId: 2 });
    for (const note of [...stuck, behind]) {
      await made.parking.park(note, { state: 'deferred' });
      made.rebuilt.set(`note/${note.key.objectId}`, note);
    }
    const { back, clock } = made;
    back.start();
    closing.unshift(() => back.stop());
    for (let turn = 0; turn < 6; turn += 1) {
      await clock.advance(250);
      await settle(200);
    }
    expect(target.seen).toContain('2/note/2');
  });
});
