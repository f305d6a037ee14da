import { describe, expect, it } from '@jest/globals';
import { fakeClock, recordingLogger } from '@soar-feed/feed-testkit';
import { Supervisor } from '../../src/delivery/Supervisor.js';
import { ScriptedTarget, settle } from './feedBench.js';

async function supervised() {
  const target = new ScriptedTarget();
  const clock = fakeClock();
  const supervisor = new Supervisor(target, recordingLogger(), clock, async () => undefined);
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
