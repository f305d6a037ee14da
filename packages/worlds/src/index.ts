/** Whole worlds of the product in one process, for tests. */
import type { Finding } from './oracles/Finding.js';
import type { Story } from './plan/Story.js';
import { Worker } from './run/Worker.js';
import type { WorldResult } from './run/runWorld.js';

export { draw } from './plan/draw.js';
export { atEachPoint, loadedStory, smallStory } from './plan/small.js';
export { kinds } from './worlds/kinds.js';
export type { Finding } from './oracles/Finding.js';
export type { Happening, Site, Step, Story } from './plan/Story.js';
export type { WorldResult } from './run/runWorld.js';

/** Lets stories happen, each after the one before, in a process of their own. */
export async function resultsOf(stories: readonly Story[]): Promise<readonly WorldResult[]> {
  const worker = new Worker();
  try {
    const results: WorldResult[] = [];
    for (const story of stories) results.push(await worker.run({ story }));
    return results;
  } finally {
    worker.close();
  }
}

/** The promises that a story breaks. */
export async function findingsOf(story: Story): Promise<readonly Finding[]> {
  const [result] = await resultsOf([story]);
  return result?.findings ?? [];
}
