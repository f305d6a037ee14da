import type { Story } from './Story.js';

/** So small that a crash at each of its effects can be tried: one incident, and some work in it. */
export const smallStory: Story = {
  seed: 4,
  kinds: ['points'],
  behaviour: {},
  site: {
    ...{ fileFeed: true, login: 'api-key', references: true, reload: false, queryMethod: false, requestMaxRetries: 1 },
    ...{ prefetch: 25, concurrency: 1, spillAfterMs: 5_000 },
  },
  clocks: { source: 0, target: 0, host: 0 },
  incidents: 1,
  seeding: 'queued',
  steps: [
    { atMs: 5_000, do: 'work', seed: 3 },
    { atMs: 5_010, do: 'work', seed: 4 },
  ],
};

/** One incident that is there already and is loaded whole; two of its notes and two of its artifacts may travel with it. */
export const loadedStory: Story = {
  ...smallStory,
  seed: 10,
  site: { ...smallStory.site, fileFeed: false, reload: true },
  seeding: 'loaded',
  steps: [],
};

/** A story with a crash at each of so many effects, one story each; the small one with another incident each time. */
export function atEachPoint(effects: number, story: Story = smallStory): readonly Story[] {
  return Array.from({ length: effects }, (_, at) => ({
    ...story,
    ...(story === smallStory ? { seed: at + 1 } : {}),
    steps: [{ atMs: 0, do: 'crash', effects: at + 1, downMs: 50 } as const, ...story.steps],
  }));
}
