import { expect, it } from '@jest/globals';
import { draw } from '../src/index.js';
import type { Story, WorldResult } from '../src/index.js';
import { shrink } from '../src/run/shrink.js';

/** A product that breaks when an analyst with seed 1 works after a crash. */
const run = (story: Story): Promise<WorldResult> => {
  const crash = story.steps.findIndex((step) => step.do === 'crash');
  const work = story.steps.findIndex((step) => step.do === 'work' && step.seed === 1);
  const findings = crash >= 0 && work > crash ? [{ check: 'equal', text: 'lost' } as const] : [];
  return Promise.resolve({ story, findings, trace: '', counts: {}, requests: 0, effects: 0, virtualMs: 0 });
};

it('leaves only what breaks the promise', async () => {
  const usual = draw(3).steps.filter((step) => step.do !== 'crash');
  const story: Story = {
    ...draw(3),
    steps: [
      ...usual,
      { atMs: 70_000, do: 'crash', effects: 4, downMs: 0 },
      { atMs: 70_001, do: 'drop-connections' },
      { atMs: 70_002, do: 'work', seed: 1 },
    ],
  };
  const { story: smallest, findings } = await shrink(story, 'equal', run);
  expect(findings).toHaveLength(1);
  expect(smallest.steps.map((step) => step.do)).toEqual(['crash', 'work']);
  expect(smallest).toMatchObject({ behaviour: {}, incidents: 1 });
});

it('another broken promise does not count', async () => {
  const story: Story = { ...draw(3), steps: [{ atMs: 1, do: 'drop-connections' }] };
  expect((await shrink(story, 'twin', run)).findings).toEqual([]);
});
