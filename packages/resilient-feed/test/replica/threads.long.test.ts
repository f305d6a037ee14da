import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { likeliest } from '@soar-feed/soar-simulator';
import type { Behaviour } from '@soar-feed/soar-simulator';
import { caughtUp, compared, IDENTICAL, replicaBench, until } from './replicaBench.js';
import type { ReplicaBench } from './replicaBench.js';

jest.setTimeout(60_000);

let bench: ReplicaBench | undefined;

afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

const behaviours: readonly Partial<Behaviour>[] = [
  { deletedThread: 'blanked', blankedNoteMessage: 'deleted' },
  { deletedThread: 'blanked', blankedNoteMessage: 'modified' },
  { deletedThread: 'removed' },
];

describe.each(behaviours)('a thread of notes whose first is deleted (%j)', (behaviour) => {
  const started = async () => {
    const made = await replicaBench({
      simulator: { behaviour: { ...likeliest, ...behaviour } },
      feeds: ['spill_after=1s'],
    });
    bench = made;
    const host = await made.makeHost();
    await host.start();
    const { id } = made.source.createIncident({ name: 'Threads', discovered_date: 1_700_000_000_000 });
    const task = made.source.createTask(id, { name: 'Look' });
    await caughtUp(made, host);
    return { ...made, host, places: [{ incidentId: id }, { taskId: task.id }] };
  };

  it('follows what is edited and answered below it, live', async () => {
    const made = await started();
    const { source, host, places } = made;
    for (const place of places) {
      const first = source.addNote(place, 'first');
      const second = source.reply(first.id, 'second');
      const third = source.reply(second.id, 'third');
      await caughtUp(made, host);
      source.deleteNote(first.id);
      if (behaviour.deletedThread === 'removed') continue;
      source.editNote(second.id, 'second, edited');
      source.reply(second.id, 'another third');
      await caughtUp(made, host);
      source.deleteNote(second.id);
      source.editNote(third.id, 'third, edited');
    }
    await caughtUp(made, host);
    expect(compared(made)).toEqual(IDENTICAL);
    expect(host.status().feeds[0]?.parked).toMatchObject({ failed: 0, waiting: 0 });
    const { delivered } = host.status().feeds[0]?.counts ?? { delivered: 0 };
    await host.reload();
    expect(compared(made)).toEqual(IDENTICAL);
    expect(delivered).toBeGreaterThan(0);
  });

  it('follows what was made, answered and deleted while the target was away', async () => {
    const made = await started();
    const { source, host, places, simulator, target } = made;
    simulator.faults.add({ org: target.id, status: 401 });
    for (const place of places) {
      const first = source.addNote(place, 'first');
      const second = source.reply(first.id, 'second');
      source.reply(second.id, 'third');
      source.deleteNote(first.id);
      if (behaviour.deletedThread === 'blanked') source.editNote(second.id, 'second, edited');
    }
    await until('all of it is parked', () => (host.status().feeds[0]?.parked.deferred ?? 0) >= 6);
    simulator.faults.clear();
    await until('the target is back', () => host.status().feeds[0]?.state === 'up', 60_000);
    await caughtUp(made, host);
    expect(compared(made)).toEqual(IDENTICAL);
  });
});
