import { describe, expect, it } from '@jest/globals';
import type { FeedEvent } from '@soar-feed/core';
import { aDelete, aNote } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget } from './feedBench.js';

const { bench } = benches();
const T = 1_000_000;

const note = aNote({ objectId: 955 });
/** Two levels below: its own parent, 956, was never deleted by name. */
const reply = (options: Parameters<typeof aNote>[0]): FeedEvent =>
  aNote({ objectId: 957, parent: { ...note.key, objectId: 956 }, ...options });

/** The delete of a note, whose message shows its replies, came at `T`. */
async function afterTheDelete() {
  const target = new ScriptedTarget();
  const made = bench(target);
  await made.feed.start();
  const gone = aDelete(note, { observedAtMs: T });
  const children = [{ id: 956, children: [{ id: 957, children: [] }] }];
  await made.feed.accept({ ...gone, origin: 'queue', payload: { ...gone.payload, children } });
  target.seen.length = 0;
  return { ...made, target };
}

describe('a reply, after a note above it was deleted', () => {
  const older = reply({ origin: 'reload', observedAtMs: T - 500, id: 'older' });

  it('is not written again from an older snapshot if it went with its thread', async () => {
    const { feed, target, reread } = await afterTheDelete();
    reread.answer = undefined;
    expect(await feed.accept(older)).toMatchObject({ outcome: 'delivered' });
    expect([reread.asked, target.seen]).toEqual([1, ['delete 2100/note/957']]);
  });

  it('is written as the source has it if it lives on below the frame', async () => {
    const { feed, target, reread } = await afterTheDelete();
    reread.answer = reply({ origin: 'reload', observedAtMs: T + 60_000, id: 'now' });
    expect(await feed.accept(older)).toMatchObject({ outcome: 'delivered' });
    expect([reread.asked, target.seen]).toEqual([1, ['2100/note/957']]);
  });

  it('is written unasked if it was changed after that', async () => {
    const { feed, target, reread } = await afterTheDelete();
    expect(await feed.accept(reply({ origin: 'queue', observedAtMs: T + 60_000 }))).toMatchObject({
      outcome: 'delivered',
    });
    expect([reread.asked, target.seen]).toEqual([0, ['2100/note/957']]);
  });
});
