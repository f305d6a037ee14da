import { afterEach, describe, expect, it } from '@jest/globals';
import { aNote, anArtifact, anIncident, aTask } from '@soar-feed/feed-testkit';
import type { FeedEvent } from '@soar-feed/core';
import { makeFeed, ScriptedTarget, settle } from './feedBench.js';

type Made = ReturnType<typeof makeFeed>;
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function started(target: ScriptedTarget): Promise<Made> {
  const made = makeFeed(target);
  closing.push(async () => {
    const stopped = made.feed.stop(0);
    for (let turn = 0; turn < 50; turn += 1) await made.clock.advance(50);
    await stopped;
  });
  await made.feed.start();
  return made;
}

async function seconds({ clock }: Made, count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    await clock.advance(1_000);
    await settle();
  }
}

/** A task from the queue, and a snapshot from a reload that may be older: it must be read again. */
async function doubtful(made: Made, more: Parameters<typeof aTask>[0] = {}): Promise<FeedEvent> {
  const now = made.clock.now();
  const brought = made.feed.accept(aTask({ ...more, observedAtMs: now }));
  await seconds(made, 1);
  await brought;
  return aTask({ ...more, origin: 'reload', observedAtMs: now + 1_000, id: 'read' });
}

const forbidden = (): Error =>
  Object.assign(new Error('not for you'), { code: 'forbidden', status: 403, retryable: false });
const broken = (): Error => Object.assign(new Error('oops'), { code: 'server-error', status: 500, retryable: true });

describe('an event whose object must be read again', () => {
  it('fails where the source refuses it, and its incident goes on', async () => {
    const target = new ScriptedTarget();
    const made = await started(target);
    const event = await doubtful(made);
    made.reread.answer = forbidden();
    const ended = made.feed.accept(event);
    const note = made.feed.accept(aNote());
    expect(await ended).toMatchObject({ outcome: 'parked', failed: true, reason: 'forbidden: not for you' });
    expect(await note).toMatchObject({ outcome: 'delivered' });
    expect(made.reread.asked).toBe(1);
    expect(await made.parking.find(event.key)).toMatchObject({ why: { state: 'failed', code: 'forbidden' } });
  });

  it('is asked for until the source answers, before what follows it in its incident', async () => {
    const target = new ScriptedTarget();
    const made = await started(target);
    const event = await doubtful(made);
    made.reread.answer = broken();
    const ends = [made.feed.accept(event), made.feed.accept(aNote())];
    await seconds(made, 3);
    expect(target.seen).toEqual(['2100/task/310']);
    made.reread.answer = event;
    await seconds(made, 10);
    expect(await Promise.all(ends)).toMatchObject([{ outcome: 'delivered' }, { outcome: 'delivered' }]);
    expect(target.seen).toEqual(['2100/task/310', '2100/task/310', '2100/note/420']);
  });

  it('does not hold up the other incidents of its batch', async () => {
    const target = new ScriptedTarget({ deletes: 'apply', content: false, batch: { maxEvents: 4, maxWaitMs: 100 } });
    const made = await started(target);
    const event = await doubtful(made);
    made.reread.answer = broken();
    void made.feed.accept(event);
    const follower = made.feed.accept(aNote());
    const other = made.feed.accept(anIncident({ incidentId: 7, objectId: 7 }));
    await seconds(made, 3);
    expect(target.seen).toEqual(['2100/task/310', '7/incident/7@1']);
    expect(await other).toMatchObject({ outcome: 'delivered' });
    made.reread.answer = event;
    await seconds(made, 10);
    expect(await follower).toMatchObject({ outcome: 'delivered' });
  });

  it('fails likewise where the object above it is gone and the source does not say whether it stands', async () => {
    const target = new ScriptedTarget({ deletes: 'apply', content: false, batch: { maxEvents: 4, maxWaitMs: 100 } });
    const made = await started(target);
    const above = anArtifact({ objectId: 1 });
    const skipped = target.answer;
    target.answer = () => ({ status: 'skipped', reason: 'filtered' });
    const first = made.feed.accept(above);
    await seconds(made, 1);
    await first;
    target.answer = (event, context) =>
      event.key.type === 'artifact' ? { status: 'waiting', on: above.key } : skipped(event, context);
    made.reread.answer = forbidden();
    const child = made.feed.accept(anArtifact({ objectId: 2, parent: above.key }));
    const other = made.feed.accept(aNote({ incidentId: 7 }));
    await seconds(made, 2);
    expect(await child).toMatchObject({ outcome: 'parked', failed: true });
    expect(await other).toMatchObject({ outcome: 'delivered' });
    expect(target.seen.filter((name) => name === '7/note/420')).toHaveLength(1);
  });
});
