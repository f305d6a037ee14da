import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { Supervisor } from '../../src/delivery/Supervisor.js';
import { StoreError } from '../../src/index.js';
import { ScriptedTarget, settle } from './feedBench.js';

async function supervised() {
  const target = new ScriptedTarget();
  const clock = fakeClock();
  const supervisor = new Supervisor(target, recordingLogger(), clock, async () => undefined, { concurrency: 16 });
  await supervisor.start();
  const seconds = async (count: number) => {
    for (let turn = 0; turn < count; turn += 1) {
      await clock.advance(1_000);
      await settle(3);
    }
  };
  return { target, supervisor, seconds };
}

describe('Supervisor', () => {
  it('takes a late failure of an earlier opening for no news of this one', async () => {
    const { supervisor, seconds } = await supervised();
    const first = supervisor.generation;
    supervisor.lost(new Error('away'), first);
    await seconds(2);
    expect(supervisor.up).toBe(true);
    supervisor.lost(new Error('away, told late'), first);
    expect(supervisor.up).toBe(true);
    await supervisor.close();
  });

  it('throws what the start refuses, with the target closed, and may be started again', async () => {
    const target = new ScriptedTarget();
    const held = new StoreError('held', { code: 'store-held' });
    const order: string[] = [];
    target.onOpen = () => {
      order.push('open');
      if (order.length === 1) throw held;
    };
    target.close = async () => void order.push('close');
    const supervisor = new Supervisor(target, recordingLogger(), fakeClock(), async () => undefined, {
      concurrency: 1,
    });
    await expect(supervisor.start({ refuse: (error) => error === held })).rejects.toBe(held);
    expect(supervisor.up).toBe(false);
    await supervisor.start({ refuse: (error) => error === held });
    expect([supervisor.up, ...order]).toEqual([true, 'open', 'close', 'open']);
    await supervisor.close();
  });

  it('closes, exchanges and opens a renewed target once its deliveries have ended', async () => {
    const { target, supervisor, seconds } = await supervised();
    const order: string[] = [];
    target.onOpen = () => void order.push('open');
    target.close = async () => void order.push('close');
    let end: () => void = () => undefined;
    const quiet = (): Promise<void> => new Promise((resolve) => (end = resolve));
    supervisor.renew({ quiet, exchange: () => order.push('exchange') });
    expect(supervisor.up).toBe(false);
    await seconds(5);
    expect(order).toEqual([]);
    end();
    await seconds(1);
    expect(order).toEqual(['close', 'exchange', 'open']);
    expect(supervisor.up).toBe(true);
    await supervisor.close();
  });

  it('does not wait for the back-off when a target that is down is renewed', async () => {
    const { target, supervisor, seconds } = await supervised();
    target.onOpen = () => Promise.reject(new Error('401'));
    supervisor.lost(new Error('401'), supervisor.generation);
    await seconds(120);
    target.onOpen = () => undefined;
    const before = target.openings;
    let exchanged = 0;
    supervisor.renew({ quiet: async () => undefined, exchange: () => (exchanged += 1) });
    await settle(20);
    expect([supervisor.up, exchanged, target.openings]).toEqual([true, 1, before + 1]);
    await supervisor.close();
  });

  it('takes up a renewal that comes while it opens', async () => {
    const { target, supervisor, seconds } = await supervised();
    let open: () => void = () => undefined;
    target.onOpen = () => new Promise<void>((resolve) => (open = resolve));
    supervisor.lost(new Error('away'), supervisor.generation);
    await seconds(2);
    let exchanged = 0;
    supervisor.renew({ quiet: async () => undefined, exchange: () => (exchanged += 1) });
    target.onOpen = () => undefined;
    open();
    await seconds(2);
    expect([supervisor.up, exchanged]).toEqual([true, 1]);
    await supervisor.close();
  });

  it('opens later and later a target that opens and then fails at once', async () => {
    const { target, supervisor, seconds } = await supervised();
    for (let second = 0; second < 600; second += 1) {
      if (supervisor.up) supervisor.lost(new Error('away'), supervisor.generation);
      await seconds(1);
    }
    expect(target.openings).toBeGreaterThan(5);
    // Full jitter below a minute: some thirty openings at most, not one per second.
    expect(target.openings).toBeLessThan(60);
    await supervisor.close();
  });
});
