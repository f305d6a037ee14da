/**
 * Lets worlds happen and says which of them broke a promise; see docs/worlds.md. Exits 1 if one did.
 *
 * `npm run worlds -- --count N [--seed S]`
 */
import { fileURLToPath } from 'node:url';
import { draw } from './plan/draw.js';
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
  const range = Array.from({ length: args.count }, (_, at) => args.from + at);
  const seeds = args.seed === undefined ? [...new Set([...failing.all(), ...range])] : [args.seed];
  const beganMs = Date.now();
  const coverage = new Coverage();
  const toShrink: WorldResult[] = [];
  let worlds = 0;
  let failures = 0;
  let next = 0;
  const work = async (): Promise<void> => {
    const worker = new Worker();
    while (next < seeds.length && !(args.untilFailure && failures > 0)) {
      const seed = seeds[next++] as number;
      const result = await worker.run({ seed }).catch((error: unknown) => broken(seed, error));
      worlds += 1;
      coverage.add(result);
      failing.learn(seed, result.findings.length === 0);
      if (args.json) say(JSON.stringify({ seed, ...result, story: undefined }));
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

async function shrinkAll(results: readonly WorldResult[]): Promise<void> {
  const worker = new Worker();
  for (const { story, findings } of results) {
    const check = findings[0]?.check;
    if (check === undefined) continue;
    const shrunk = await worker.shrink(story, check).catch((error: unknown) => broken(story.seed, error));
    say(
      `\nThe story of seed ${story.seed}, as small as it gets (${shrunk.story.steps.length} happenings):\n${asTest(shrunk)}\n`,
    );
  }
  worker.close();
}

/** A world that breaks its process is a failure of its seed. */
function broken(seed: number, error: unknown): WorldResult {
  const text = error instanceof Error ? error.message : String(error);
  return { story: draw(seed), findings: [{ check: 'host', text }], trace: '', counts: {}, requests: 0, virtualMs: 0 };
}

try {
  process.exitCode = (await run(readArguments(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  process.stderr.write(error instanceof TypeError ? `${error.message}\n${USAGE}` : `${String(error)}\n`);
  process.exitCode = 2;
}
