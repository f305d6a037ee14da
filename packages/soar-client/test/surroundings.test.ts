import { afterEach, expect, it } from '@jest/globals';
import { replaceSurroundings, surroundings } from '../src/index.js';
import { after } from '../src/timers/after.js';

let putBack = (): void => undefined;

afterEach(() => putBack());

it("are the machine's own", async () => {
  const { now, steadyMs, startTimer, atEndOfTurn, random, uuid, hex } = surroundings();
  expect(Math.abs(now() - Date.now())).toBeLessThan(1_000);
  const beganMs = steadyMs();
  await new Promise<void>((resolve) => startTimer(2, resolve));
  expect(steadyMs()).toBeGreaterThan(beganMs);
  const cancel = startTimer(1, () => expect('a timer that was cancelled').toBe('silent'));
  cancel();
  await new Promise<void>((resolve) => atEndOfTurn(resolve));
  expect(random()).toBeLessThan(1);
  expect(uuid()).toMatch(/^[0-9a-f-]{36}$/);
  expect(hex(6)).toMatch(/^[0-9a-f]{12}$/);
});

it('may be replaced, for timers of any length, too', () => {
  const timers: { readonly ms: number; readonly then: () => void }[] = [];
  putBack = replaceSurroundings({
    ...surroundings(),
    startTimer: (ms, then) => {
      timers.push({ ms, then });
      return () => undefined;
    },
  });
  let isOver = false;
  after(2 ** 31 + 4, () => (isOver = true));
  timers[0]?.then();
  timers[1]?.then();
  expect(timers.map(({ ms }) => ms)).toEqual([2 ** 31 - 1, 5]);
  expect(isOver).toBe(true);
});
