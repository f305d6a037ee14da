import { expect, it } from '@jest/globals';
import { draw, resultsOf } from '../src/index.js';
import type { Story } from '../src/index.js';

/** A story of few happenings, so that a world takes a second. */
const short = (seed: number): Story => {
  const story = draw(seed);
  return { ...story, steps: story.steps.slice(0, 12), incidents: 1 };
};

it('equal stories make equal worlds, and other stories others', async () => {
  const [one, other, again] = await resultsOf([short(7), short(5), short(7)]);
  expect(one?.trace).toMatch(/^[0-9a-f]{16}$/);
  expect(again).toEqual(one);
  expect(other?.trace).not.toBe(one?.trace);
}, 120_000);

it('a world with crashes, faults and a clock that is set holds, in less time than it tells of', async () => {
  const quiet = short(2);
  const story: Story = {
    ...quiet,
    steps: [
      // Whatever else its kinds bring would start the host again.
      ...quiet.steps.filter((step) => step.do === 'work'),
      { atMs: 60_001, do: 'crash', effects: 3, downMs: 5_000 },
      { atMs: 60_002, do: 'work', seed: 11 },
      { atMs: 60_003, do: 'clock', of: 'target', offsetMs: 1_200_000 },
      { atMs: 60_004, do: 'fault', side: 'target', forMs: 9_000, fault: { status: 503, probability: 0.5 } },
      { atMs: 60_005, do: 'work', seed: 12 },
      { atMs: 70_000, do: 'crash', effects: 1, downMs: 5_000 },
      { atMs: 70_001, do: 'work', seed: 13 },
    ],
  };
  const [result] = await resultsOf([story]);
  expect(result?.findings).toEqual([]);
  expect(result?.counts).toMatchObject({ killed: 2, start: 3 });
  expect(result?.virtualMs).toBeGreaterThan(100_000);
}, 120_000);
