import { describe, expect, it } from '@jest/globals';
import { anIncident } from '@soar-feed/feed-testkit';
import { benches, ScriptedTarget, settle } from './feedBench.js';

const { bench } = benches();

describe('an idle feed', () => {
  const idle = async () => {
    const target = new ScriptedTarget();
    let asked = 0;
    const answers: ('up' | 'down' | Error)[] = [];
    target.health = async () => {
      asked += 1;
      const answer = answers.shift() ?? 'up';
      if (answer instanceof Error) throw answer;
      return { state: answer, detail: answer === 'down' ? 'the file was moved away' : '' };
    };
    const made = bench(target);
    await made.feed.start();
    const pass = async (seconds: number): Promise<void> => {
      for (let at = 0; at < seconds * 4; at += 1) {
        await made.clock.advance(250);
        await settle(3);
      }
    };
    return { ...made, target, answers, asked: () => asked, pass };
  };

  it('is down within seconds where its target says so twice, and up again by itself', async () => {
    const { feed, target, answers, pass, log } = await idle();
    answers.push('down', 'down');
    await pass(12);
    expect(feed.status()).toMatchObject({ state: 'down', problem: 'the file was moved away' });
    expect(log.lines.find(({ fields }) => fields.event === 'feed.down')?.fields).toMatchObject({
      code: 'target-unwell',
    });
    await pass(3);
    expect(feed.status().state).toBe('up');
    expect(target.openings).toBe(2);
  });

  it('stays up where one answer alone is bad', async () => {
    const { feed, target, answers, asked, pass } = await idle();
    answers.push(new Error('asked too fast'), 'up');
    await pass(15);
    expect([feed.status().state, target.openings, asked()]).toEqual(['up', 1, 2]);
  });

  it('is down where its target cannot even be asked', async () => {
    const { feed, answers, pass } = await idle();
    answers.push(new Error('no answer'), new Error('no answer'));
    await pass(12);
    expect(feed.status()).toMatchObject({ state: 'down', problem: 'no answer' });
  });

  it('asks nothing while something is on its way: a delivery tells more', async () => {
    const { feed, target, asked, pass } = await idle();
    let end: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (end = resolve));
    target.answer = async () => {
      await held;
      return { status: 'delivered', change: 'updated' };
    };
    const accepted = feed.accept(anIncident());
    await pass(25);
    expect(asked()).toBe(0);
    end();
    await accepted;
    await pass(11);
    expect(asked()).toBe(1);
  });
});
