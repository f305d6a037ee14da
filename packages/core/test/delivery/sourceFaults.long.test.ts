import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { PermanentError, RetryableError } from '@soar-feed/core';
import type { DeliverContext, DeliveryResult, FeedEvent } from '@soar-feed/core';
import { anAttachment, aNote } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();

/** How a third party's target may read a file, and how it may handle trouble with it. */
const targets: readonly (readonly [string, (event: FeedEvent, context: DeliverContext) => Promise<DeliveryResult>])[] =
  [
    [
      'throws what it got',
      async ({ content }, { signal }) => {
        for await (const chunk of (await content?.open({ signal })) ?? []) void chunk;
        return { status: 'delivered', change: 'created' };
      },
    ],
    [
      'calls it a fault of its own, for good',
      async ({ content }) => {
        try {
          for await (const chunk of (await content?.open()) ?? []) void chunk;
        } catch {
          throw new RetryableError('upload failed', { code: 'upload-failed' });
        }
        return { status: 'delivered', change: 'created' };
      },
    ],
  ];

const away = (): Error => Object.assign(new Error('connect ECONNREFUSED'), { code: 'unreachable', unavailable: true });
const breaksOff = (): Readable =>
  Readable.from(
    (async function* () {
      yield Buffer.from('He');
      throw new Error('socket hang up');
    })(),
  );

describe.each(targets)('the file of an object, for a target that %s', (_name, deliver) => {
  const reading = async (open: () => Promise<Readable>) => {
    const target = new ScriptedTarget({ deletes: 'apply', content: true });
    target.answer = (event, context) =>
      event.content === undefined ? { status: 'delivered', change: 'created' } : deliver(event, context);
    const made = bench(target);
    await made.feed.start();
    const ended = made.feed.accept(anAttachment({ open }));
    await settle();
    const pass = async (seconds: number) => {
      for (let turn = 0; turn < seconds; turn += 1) {
        await made.clock.advance(1_000);
        await settle();
      }
    };
    return { ...made, target, ended, pass };
  };

  it.each<[string, () => Promise<Readable>]>([
    ['is away', () => Promise.reject(away())],
    ['breaks off', () => Promise.resolve(breaksOff())],
    ['fails', () => Promise.reject(Object.assign(new Error('oops'), { status: 500, retryable: true }))],
  ])('waits as long as the source %s, uncharged; the target is up all the while', async (_how, open) => {
    let isBack = false;
    const made = await reading(() => (isBack ? Promise.resolve(Readable.from([Buffer.from('Hello')])) : open()));
    await made.pass(400);
    expect(made.feed.status()).toMatchObject({ state: 'up', counts: { failed: 0 } });
    expect(made.target.seen.length).toBeGreaterThan(10);
    expect(
      made.log.lines.filter(({ level, fields }) => level === 'warn' && fields.event === 'source.waits'),
    ).toHaveLength(1);
    isBack = true;
    await made.pass(31);
    expect(made.feed.status().counts).toMatchObject({ delivered: 1, failed: 0 });
  });

  it('fails at once where the source refuses it for good', async () => {
    const refused = Object.assign(new Error('not for you'), { code: 'forbidden', status: 403, retryable: false });
    const made = await reading(() => Promise.reject(refused));
    expect(await made.ended).toMatchObject({ outcome: 'parked', failed: true });
    expect(made.target.seen).toHaveLength(1);
  });

  it('is skipped where the source has it no more', async () => {
    const gone = new PermanentError('The file is gone at the source.', { code: 'source-gone' });
    const made = await reading(() => Promise.reject(gone));
    expect(await made.ended).toMatchObject({ outcome: 'skipped', reason: 'gone at the source' });
  });
});

describe('a target that fails beside a file of the source', () => {
  it.each<[string, (stream: Readable) => Promise<never>]>([
    [
      'and destroys its stream',
      async (stream) => {
        stream.once('error', () => undefined).destroy(new Error('disk full'));
        throw new RetryableError('disk full', { code: 'disk-full' });
      },
    ],
    [
      'after all was read',
      async (stream) => {
        for await (const chunk of stream) void chunk;
        throw new RetryableError('disk full', { code: 'disk-full' });
      },
    ],
  ])('is charged: %s', async (_name, fails) => {
    const source = new PassThrough();
    source.end('Hello');
    const target = new ScriptedTarget({ deletes: 'apply', content: true });
    target.answer = async ({ content }) => fails((await content?.open()) as Readable);
    const made = bench(target, { maxAttempts: 1 });
    await made.feed.start();
    const ended = made.feed.accept(anAttachment({ open: () => Promise.resolve(source) }));
    expect(await ended).toMatchObject({ outcome: 'parked', failed: true, reason: 'disk-full: disk full' });
    await settle();
    expect(source.destroyed).toBe(true);
  });
});

describe('a pause that a target asks for', () => {
  const day = 86_400_000;

  it('is kept, up to the cap', async () => {
    const target = new ScriptedTarget();
    target.answer = () =>
      target.seen.length > 1
        ? { status: 'delivered', change: 'created' }
        : new RetryableError('busy', { code: 'busy', retryAfterMs: day });
    const made = bench(target, { maxPauseMs: 60_000, spillAfterMs: 600_000 });
    await made.feed.start();
    const ended = made.feed.accept(aNote());
    await settle();
    await made.clock.advance(59_000);
    await settle();
    expect(target.seen).toHaveLength(1);
    await made.clock.advance(1_000);
    await settle();
    expect(await ended).toMatchObject({ outcome: 'delivered' });
  });

  it('holds up no stop', async () => {
    const target = new ScriptedTarget();
    target.answer = () => new RetryableError('busy', { code: 'busy', retryAfterMs: day });
    const made = bench(target);
    await made.feed.start();
    const ended = made.feed.accept(aNote());
    await settle();
    const before = made.clock.now();
    let stopped = false;
    void made.feed.stop(30_000).then(() => (stopped = true));
    for (let turn = 0; turn < 20; turn += 1) {
      await settle();
      await made.clock.advance(5);
    }
    expect(stopped).toBe(true);
    expect(made.clock.now() - before).toBeLessThan(1_000);
    expect(await ended).toMatchObject({ outcome: 'parked' });
  });
});
