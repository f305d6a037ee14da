import { describe, expect, it } from '@jest/globals';
import { PermanentError, RetryableError } from '@soar-feed/core';
import { anIncident } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();

async function delivering(answer: ScriptedTarget['answer'], options: Parameters<typeof bench>[1] = {}) {
  const target = new ScriptedTarget();
  target.answer = answer;
  const made = bench(target, options);
  const applied: string[] = [];
  made.feed.onEnd(async (event) => void applied.push(event.id));
  await made.feed.start();
  const event = anIncident();
  const ended = made.feed.accept(event);
  await settle();
  const pass = async (ms: number): Promise<void> => {
    await made.clock.advance(ms);
    await settle();
  };
  return { ...made, target, event, ended, applied, pass };
}

/** A target that only looked: nothing was tried. */
const looked = (retryAfterMs?: number): RetryableError =>
  Object.assign(
    new RetryableError('not yet', { code: 'not-yet', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }),
    {
      uncharged: true,
    },
  );

describe('what is concluded from the answer of a target', () => {
  it('the object is gone at the source: its event is skipped and counts as applied for what waits for it', async () => {
    const { ended, applied, event } = await delivering(() => new PermanentError('gone', { code: 'source-gone' }));
    expect(await ended).toMatchObject({ outcome: 'skipped', reason: 'gone at the source' });
    expect(applied).toEqual([event.id]);
  });

  it('it only looked: it is asked again after a second at the earliest, as often as it takes, uncharged', async () => {
    const { target, pass, feed } = await delivering(() => looked(), { maxAttempts: 2 });
    expect(target.seen).toHaveLength(1);
    await pass(990);
    expect(target.seen).toHaveLength(1);
    for (let turn = 0; turn < 5; turn += 1) await pass(1_100);
    expect(target.seen.length).toBeGreaterThan(4);
    expect(feed.status()).toMatchObject({ queued: 1, counts: { failed: 0 } });
  });

  it('it only looked and says for how long to rest: it is asked again no earlier', async () => {
    const { target, pass } = await delivering(() => looked(5_000));
    await pass(4_900);
    expect(target.seen).toHaveLength(1);
    await pass(700);
    expect(target.seen).toHaveLength(2);
  });

  it('a parked event is not applied: nothing that waits for it may go on', async () => {
    const { ended, applied } = await delivering(() => new PermanentError('no', { code: 'refused' }));
    expect(await ended).toMatchObject({ outcome: 'parked', failed: true });
    expect(applied).toEqual([]);
  });

  it('the first failure of an event is a warning, the others are for debugging', async () => {
    const { log, pass } = await delivering(() => new RetryableError('busy', { code: 'busy' }), { maxAttempts: 4 });
    for (let turn = 0; turn < 4; turn += 1) await pass(31_000);
    const lines = log.lines.filter(({ message }) => message.includes('is tried again'));
    expect(lines.map(({ level, fields }) => [level, fields.attempt, fields.code])).toEqual([
      ['warn', 1, 'busy'],
      ['debug', 2, 'busy'],
      ['debug', 3, 'busy'],
    ]);
  });
});
