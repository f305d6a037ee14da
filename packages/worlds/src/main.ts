/**
 * Lets worlds happen and says which of them broke a promise; see docs/testing.md. Exits 1 if one did.
 *
 * `npm run worlds -- --count N [--seed S]`
 */
import { fileURLToPath } from 'node:url';
import { draw } from './plan/draw.js';
import { atEachPoint, loadedStory, smallStory } from './plan/small.js';
import type { Story } from './plan/Story.js';
import { readArguments, USAGE } from './readArguments.js';
import type { Arguments } from './readArguments.js';
import { asTest, Coverage, tell } from './report.js';
import { FailingSeeds } from './run/FailingSeeds.js';
import type { WorldResult } from './run/runWorld.js';
import { Worker } from './run/Worker.js';

/** Later failures are listed, not shrunk: a search costs up to a hundred worlds. */
const MOST_SHRUNK = 3;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(args: Arguments): Promise<boolean> {
  const failing = new FailingSeeds(fileURLToPath(new URL('../../../reports/worlds/failing.json', import.meta.url)));
  const stories = args.points ? await points() : storiesOf(args, failing);
  const beganMs = Date.now();
  const coverage = new Coverage();
  const toShrink: WorldResult[] = [];
  let worlds = 0;
  let failures = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker();
    while (next < stories.length && !(args.untilFailure && failures > 0)) {
      const story = stories[next++] as Story;
      const result = await worker.run({ story }).catch((error: unknown) => broken(story, error));
      worlds += 1;
      coverage.add(result);
      if (!args.points) failing.learn(story.seed, result.findings.length === 0);
      if (args.json) say(JSON.stringify({ seed: story.seed, ...result, story: undefined }));
      if (result.findings.length === 0) continue;
      failures += 1;
      if (!args.json) say(tell(result));
      toShrink.push(result);
    }
    worker.close();
  };
  await Promise.all(Array.from({ length: args.workers }, work));
  const minutes = (Date.now() - beganMs) / 60_000;
  if (args.shrink) await shrinkAll(toShrink.slice(0, MOST_SHRUNK));
  if (args.coverage) say(coverage.toString());
  say(`${worlds} worlds, ${failures} failed, ${Math.round(worlds / minutes)} worlds a minute`);
  return failures === 0;
}

/** Those that failed before come first. */
function storiesOf({ seed, from, count, kinds }: Arguments, failing: FailingSeeds): readonly Story[] {
  if (seed !== undefined) return [draw(seed)];
  const isWanted = (story: Story): boolean => kinds.length === 0 || kinds.some((kind) => story.kinds.includes(kind));
  const range: Story[] = [];
  for (let next = from; range.length < count; next += 1) {
    const story = draw(next);
    if (isWanted(story)) range.push(story);
  }
  const first = failing.all().map(draw).filter(isWanted);
  return [...new Map([...first, ...range].map((story) => [story.seed, story])).values()];
}

async function points(): Promise<readonly Story[]> {
  const worker = new Worker();
  const stories: Story[] = [];
  for (const story of [loadedStory, smallStory]) {
    const { effects, findings } = await worker.run({ story });
    stories.push(...(findings.length > 0 ? [story] : atEachPoint(effects, story)));
  }
  worker.close();
  return stories;
}

async function shrinkAll(results: readonly WorldResult[]): Promise<void> {
  const worker = new Worker();
  for (const { story, findings } of results) {
    const check = findings[0]?.check;
    if (check === undefined) continue;
    const shrunk = await worker.shrink(story, check).catch((error: unknown) => broken(story, error));
    say(
      `\nThe story of seed ${story.seed}, as small as it gets (${shrunk.story.steps.length} happenings):\n${asTest(shrunk)}\n`,
    );
  }
  worker.close();
}

/** A world that breaks its process is a failure of its seed. */
function broken(story: Story, error: unknown): WorldResult {
  const text = error instanceof Error ? error.message : String(error);
  const nothing = { trace: '', counts: {}, requests: 0, effects: 0, virtualMs: 0 };
  return { story, findings: [{ check: 'host', text }], ...nothing };
}

try {
  process.exitCode = (await run(readArguments(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.stderr.write(error instanceof TypeError ? `${error.message}\n${USAGE}` : `${String(error)}\n`);
  process.exitCode = 2;
}
