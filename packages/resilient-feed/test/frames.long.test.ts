import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { aDelete } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '@soar-feed/core';
import { FeedBench } from './helpers/feedBench.js';

// Two servers and a database on disk: slow on a busy machine.
jest.setTimeout(60_000);

describe('the frame that a deleted note left in the target', () => {
  let bench: FeedBench;
  beforeAll(async () => {
    bench = await FeedBench.start();
  });
  afterAll(() => bench.stop());

  it('is not taken for a lost note', async () => {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Threads', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'a note');
    source.reply(note.id, 'a reply');
    const whole = await events.whole(id);
    const first = await bench.feed();
    await bench.deliverAll(first, whole);
    // With the reply below it, the note leaves a frame, which stays when the reply is deleted, too.
    const [parent, reply] = whole.filter(({ key }) => key.type === 'note') as [FeedEvent, FeedEvent];
    await bench.deliverAll(first, [aDelete(parent), aDelete(reply)]);
    await first.close();
    const copy = target.incidents().find(({ name }) => name === 'Threads')?.id ?? 0;
    expect(target.notes({ incidentId: copy }).some(({ is_deleted: isDeleted }) => isDeleted)).toBe(true);

    source.addNote({ incidentId: id }, 'a later note');
    const later = (await events.whole(id)).filter(({ payload }) => JSON.stringify(payload).includes('a later note'));
    // Older than the run, whatever the doubt about the clocks: it could be missing in a backup of the mapping.
    await sleep(2_500);
    const second = await bench.feed();
    for (const event of later.filter(({ key }) => key.type === 'note'))
      expect(await bench.deliver(second, event)).toMatchObject({ status: 'delivered', change: 'created' });
    await second.close();
  });

  it('is not taken for another note that was deleted before anybody brought it', async () => {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Two frames', discovered_date: 1 });
    const early = source.addNote({ incidentId: id }, 'early');
    source.reply(early.id, 'below the early one');
    const whole = await events.whole(id);
    const first = await bench.feed();
    await bench.deliverAll(first, whole);
    const [note] = whole.filter(({ key }) => key.type === 'note' && key.objectId === early.id);
    await bench.deliver(first, aDelete(note as FeedEvent));
    await first.close();

    const late = source.addNote({ incidentId: id }, 'late');
    source.reply(late.id, 'below the late one');
    source.deleteNote(late.id);
    // Older than the run, whatever the doubt about the clocks.
    await sleep(2_500);
    const second = await bench.feed();
    const frame = (await events.whole(id)).filter(({ key }) => key.type === 'note' && key.objectId >= late.id);
    await bench.deliverAll(second, frame);
    const copy = target.incidents().find(({ name }) => name === 'Two frames')?.id ?? 0;
    const replies = target.notes({ incidentId: copy }).map(({ children }) => children.map(({ text }) => text));
    expect(replies).toEqual(expect.arrayContaining([['below the late one']]));
    await second.close();
  });

  it('is known by its replies when the mapping is lost, and so is a note that is deleted above them since', async () => {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Known by replies', discovered_date: 1 });
    const [early, late] = ['early', 'late'].map((text) => source.addNote({ incidentId: id }, text).id) as [
      number,
      number,
    ];
    for (const noteId of [early, late]) source.reply(noteId, `below ${noteId}`);
    const first = await bench.feed();
    await bench.deliverAll(first, await events.whole(id));
    source.deleteNote(early);
    await bench.deliverAll(first, [await events.note(id, early)]);
    await first.close();
    await bench.loseMapping();

    source.deleteNote(late);
    const second = await bench.feed();
    // The frame of `late` comes first: it must not be taken for that of `early`.
    const [incident, ...objects] = await events.whole(id);
    await bench.deliverAll(second, [incident as FeedEvent, await events.note(id, late), ...objects]);
    const copy = target.incidents().find(({ name }) => name === 'Known by replies')?.id ?? 0;
    const threads = target.notes({ incidentId: copy }).filter(({ children }) => children.length > 0);
    expect(threads.map(({ is_deleted: isDeleted, children }) => [isDeleted, children.map(({ text }) => text)])).toEqual(
      [
        [true, [`below ${early}`]],
        [true, [`below ${late}`]],
      ],
    );
    await second.close();
  });

  it('is made a living note again with its replies, although the process died when these were already taken away', async () => {
    const { source, target, events } = bench;
    const { id } = source.createIncident({ name: 'Died in the middle', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'a note');
    source.reply(note.id, 'a reply');
    const other = source.addNote({ incidentId: id }, 'another note');
    const whole = await events.whole(id);
    const first = await bench.feed();
    await bench.deliverAll(first, whole);
    const alive = whole.find(({ key }) => key.objectId === note.id && key.type === 'note') as FeedEvent;
    await bench.deliver(first, aDelete(alive));
    // The reply goes; then the target is away, and the process dies.
    const copy = target.incidents().find(({ name }) => name === 'Died in the middle')?.id ?? 0;
    const frame = target.notes({ incidentId: copy }).find(({ is_deleted: isDeleted }) => isDeleted)?.id ?? 0;
    bench.simulator.faults.add({ method: 'DELETE', path: `/incidents/*/comments/${frame}`, status: 503 });
    await expect(bench.deliver(first, { ...alive, restored: true })).rejects.toMatchObject({ kind: 'retryable' });
    await first.close();
    bench.simulator.faults.clear();

    const second = await bench.feed();
    expect(await bench.deliver(second, await events.note(id, other.id))).toMatchObject({ resync: true });
    const again = (await events.whole(id)).map((event): FeedEvent =>
      event.key.objectId === note.id && event.key.type === 'note' ? { ...event, restored: true } : event,
    );
    await bench.deliverAll(second, again);
    const threads = target.notes({ incidentId: copy }).filter(({ text }) => text === 'a note');
    expect(threads.map(({ children }) => children.map(({ text }) => text))).toEqual([['a reply']]);
    await second.close();
  });

  it('is in doubt when the mapping is lost and none of its replies is in the target', async () => {
    const { source, events } = bench;
    const { id } = source.createIncident({ name: 'In doubt', discovered_date: 1 });
    const [early, late] = ['early', 'late'].map((text) => source.addNote({ incidentId: id }, text).id) as [
      number,
      number,
    ];
    const { id: reply } = source.reply(early, 'below the early one');
    const first = await bench.feed();
    await bench.deliverAll(first, await events.whole(id));
    source.deleteNote(early);
    await bench.deliverAll(first, [await events.note(id, early)]);
    await first.close();
    await bench.loseMapping();

    source.reply(late, 'a new reply');
    source.deleteNote(late);
    source.deleteNote(reply);
    const second = await bench.feed();
    await bench.deliver(second, await events.incident(id));
    const frame = await events.note(id, late);
    expect(await bench.deliver(second, frame)).toMatchObject({ status: 'waiting' });
    await expect(bench.deliver(second, frame)).rejects.toMatchObject({ code: 'undecided' });
    await second.close();
  });

  it('asks for its lost replies until the incident was loaded whole, and not again while one of them is parked', async () => {
    const { source, events } = bench;
    const { id } = source.createIncident({ name: 'Asked once', discovered_date: 1 });
    const note = source.addNote({ incidentId: id }, 'a note');
    const lost = source.reply(note.id, 'a reply without a row');
    const whole = await events.whole(id);
    const first = await bench.feed();
    await bench.deliverAll(
      first,
      whole.filter(({ key }) => !(key.type === 'note' && key.objectId === lost.id)),
    );
    await first.close();

    source.deleteNote(note.id);
    // Older than the run, whatever the doubt about the clocks.
    await sleep(2_500);
    const second = await bench.feed();
    const frame = await events.note(id, note.id);
    expect(await bench.deliver(second, frame)).toMatchObject({ status: 'delivered', resync: true });
    expect(await bench.deliver(second, frame)).toMatchObject({ status: 'delivered', resync: true });
    const [incident] = await events.whole(id);
    await bench.deliver(second, incident as FeedEvent);
    const again = await bench.deliver(second, { ...frame, origin: 'replay' });
    expect(again).toMatchObject({ status: 'delivered' });
    expect(again).not.toHaveProperty('resync', true);
    await second.close();
  });
});
