import { setFlagsFromString } from 'node:v8';
import { Readable } from 'node:stream';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { PermanentError } from '@soar-feed/core';
import type { DeliverContext, FeedEvent } from '@soar-feed/core';
import { anAttachment, aNote } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();
const EVENTS = 2_000;
const AT_ONCE = 50;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** How many of these objects something still holds. */
async function held(refs: readonly WeakRef<object>[]): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) {
    await settle();
    collect();
  }
  return refs.filter((ref) => ref.deref() !== undefined).length;
}

describe('a delivery that is over', () => {
  it.each<[string, () => Error | undefined]>([
    ['went well', () => undefined],
    [
      'was refused, and the target asked how it is',
      () => Object.assign(new PermanentError('no', { code: 'no' }), { status: 403 }),
    ],
  ])('and %s leaves nothing in memory, however many there were', async (_name, refusal) => {
    const target = new ScriptedTarget();
    const events: WeakRef<object>[] = [];
    const signals: WeakRef<object>[] = [];
    target.answer = (event: FeedEvent, { signal }: DeliverContext) => {
      events.push(new WeakRef(event));
      signals.push(new WeakRef(signal));
      // As the libraries that a target calls do.
      signal.addEventListener('abort', () => target.seen.push(event.id));
      return refusal() ?? { status: 'delivered', change: 'updated' };
    };
    target.health = async (context?: { readonly signal: AbortSignal }) => {
      if (context !== undefined) signals.push(new WeakRef(context.signal));
      return { state: 'up', detail: '' };
    };
    const { feed, log } = bench(target, { maxAttempts: 1 });
    await feed.start();
    for (let id = 1; id <= EVENTS; id += AT_ONCE) {
      const ids = Array.from({ length: AT_ONCE }, (_, at) => id + at);
      await Promise.all(ids.map((objectId) => feed.accept(aNote({ objectId, incidentId: objectId }))));
      target.seen.length = 0;
      // An error holds what its stack names.
      (log.lines as unknown[]).length = 0;
    }
    expect(events).toHaveLength(EVENTS);
    expect(await held(signals)).toBeLessThan(10);
    expect(await held(events)).toBeLessThan(AT_ONCE);
  });

  it('and waited for the source leaves nothing either', async () => {
    const target = new ScriptedTarget({ deletes: 'apply', content: true });
    const events: WeakRef<object>[] = [];
    let isBack = false;
    const open = () =>
      isBack
        ? Promise.resolve(Readable.from([Buffer.from('Hello')]))
        : Promise.reject(Object.assign(new Error('away'), { code: 'unreachable', unavailable: true }));
    target.answer = async (event: FeedEvent, { signal }: DeliverContext) => {
      for await (const chunk of (await event.content?.open({ signal })) ?? []) void chunk;
      return { status: 'delivered', change: 'created' };
    };
    const { feed, log, clock } = bench(target);
    await feed.start();
    const ids = Array.from({ length: AT_ONCE }, (_, at) => 1 + at);
    const ends = ids.map((objectId) => {
      const event = anAttachment({ objectId, incidentId: objectId, open });
      events.push(new WeakRef(event));
      return feed.accept(event).then(() => undefined);
    });
    const pass = async (seconds: number) => {
      for (let turn = 0; turn < seconds; turn += 1) {
        await clock.advance(1_000);
        await settle();
      }
    };
    await pass(5);
    expect(log.lines.filter(({ fields }) => fields.event === 'source.waits').length).toBeGreaterThanOrEqual(AT_ONCE);
    isBack = true;
    await pass(31);
    await Promise.all(ends);
    target.seen.length = 0;
    (log.lines as unknown[]).length = 0;
    expect(await held(events)).toBeLessThan(10);
  });
});
