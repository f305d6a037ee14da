import { expect, it } from '@jest/globals';
import { fakeClock } from '@soar-feed/feed-testkit';
import { Clocks } from '../src/Clocks.js';
import { mayFollow } from '../src/write/find/mayFollow.js';

it('compares a date with an earlier moment by the clock of the source as it was measured since', async () => {
  const ours = fakeClock(1_000_000);
  let source = { measured: true, offsetMs: -430, uncertaintyMs: 470, serverNow: () => ours.now() - 430 };
  const clocks = new Clocks(
    ours,
    () => undefined,
    () => source,
  );
  const openedMs = clocks.steadyMs();
  await ours.advance(5_000);
  source = { measured: true, offsetMs: 0, uncertaintyMs: 7, serverNow: () => ours.now() };
  expect(clocks.sourceWasBefore(1_000_000 - 200, openedMs)).toBe(true);
  expect(clocks.sourceWasBefore(1_000_000 + 6, openedMs)).toBe(true);
  expect(clocks.sourceWasBefore(1_000_000 + 8, openedMs)).toBe(false);
});

it('lets no date of the source from before its clock was set back rule a counterpart out', () => {
  const ours = fakeClock(86_400_000);
  const source = { measured: true, offsetMs: -80_000_000, uncertaintyMs: 7, serverNow: () => ours.now() - 80_000_000 };
  const target = { measured: true, offsetMs: 0, uncertaintyMs: 7, serverNow: () => ours.now() };
  const clocks = new Clocks(
    ours,
    () => target,
    () => source,
  );
  expect(mayFollow(86_000_000, 86_000_000, clocks)).toBe(true);
  expect(mayFollow(86_000_000, 6_000_000, clocks)).toBe(true);
  expect(mayFollow(85_900_000, 6_000_000, clocks)).toBe(false);
});
