import type { Finding } from '../oracles/Finding.js';
import type { Story } from '../plan/Story.js';
import type { WorldResult } from './runWorld.js';

/** Most worlds that one search may cost. */
const MOST_RUNS = 120;

/**
 * Leaves out of a story whatever it can do without: happenings in ever smaller groups, then what the platforms, the site and the
 * clocks add. Returns the last world that still breaks the promise.
 */
export async function shrink(
  story: Story,
  check: Finding['check'],
  run: (story: Story) => Promise<WorldResult>,
): Promise<WorldResult> {
  let runs = 0;
  let smallest = await run(story);
  const attempt = async (smaller: Story): Promise<boolean> => {
    if ((runs += 1) > MOST_RUNS) return false;
    const result = await run(smaller);
    if (!result.findings.some((finding) => finding.check === check)) return false;
    smallest = result;
    return true;
  };
  for (let size = Math.ceil(story.steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < smallest.story.steps.length;) {
      const { steps } = smallest.story;
      const fewer = { ...smallest.story, steps: [...steps.slice(0, at), ...steps.slice(at + size)] };
      if (!(await attempt(fewer))) at += size;
    }
  }
  await attempt({ ...smallest.story, behaviour: {} });
  await attempt({ ...smallest.story, clocks: { source: 0, target: 0, host: 0 } });
  await attempt({ ...smallest.story, incidents: 1 });
  await attempt({ ...smallest.story, objects: [2, 3] });
  await attempt({ ...smallest.story, site: { ...smallest.story.site, fileFeed: false } });
  await attempt({ ...smallest.story, site: { ...smallest.story.site, concurrency: 1, login: 'api-key' } });
  return smallest;
}
