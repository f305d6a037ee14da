import { expect, it, jest } from '@jest/globals';
import { atEachPoint, loadedStory, resultsOf, smallStory } from '../src/index.js';

/** `npm run worlds -- --points` tries every one. */
const EVERY = 25;

jest.setTimeout(300_000);

it.each([
  ['a small story', smallStory, EVERY],
  ['the load of one incident with its objects', loadedStory, 7],
])('a crash at any effect of %s loses, doubles and leaves nothing', async (_what, story, every) => {
  const [whole] = await resultsOf([story]);
  expect(whole?.findings).toEqual([]);
  // The last effects are those of the stop, which a run with a crash may not come to.
  const effects = (whole?.effects ?? 0) - every;
  const stories = atEachPoint(effects, story).filter((_, at) => at % every === 0);
  expect(stories.length).toBeGreaterThan(10);
  const results = await resultsOf(stories);
  expect(results.map(({ counts }) => counts['killed'])).toEqual(stories.map(() => 1));
  const broken = results.flatMap(({ findings }, at) =>
    findings.map(({ text }) => `at effect ${at * every + 1}: ${text}`),
  );
  expect(broken).toEqual([]);
});
