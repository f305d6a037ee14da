/**
 * Tests the oracle: breaks a copy of the product in one way after another, and checks that the run that should notice
 * does. Exits 0 when the unbroken product passes and every broken one is caught.
 *
 * `npm run chaos:mutants -- [--worlds N] [words of names]`: with `--worlds`, whether N worlds (docs/testing.md) notice.
 */
import type { Finding } from '../oracle/Finding.js';
import { inTurns } from './inTurns.js';
import type { Mutant } from './Mutant.js';
import { mutants } from './mutants.js';
import { RepositoryCopy } from './RepositoryCopy.js';
import { runScenarios } from './runScenarios.js';
import { runTest } from './runTest.js';
import { runWorlds } from './runWorlds.js';

/** Runs at a time; most of a run is waiting. */
const AT_ONCE = 2;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const asked = process.argv.slice(2);
const worlds = asked[0] === '--worlds' ? Number(asked[1]) : undefined;

/** What must catch it: a scenario, a test, a world, or any of the worlds. */
const catcherOf = (mutant: Mutant): string => (worlds !== undefined ? `${worlds} worlds` : ownCatcherOf(mutant));

function ownCatcherOf(mutant: Mutant): string {
  if ('worlds' in mutant) return `${mutant.worlds} worlds`;
  return 'scenario' in mutant ? mutant.scenario : mutant.test;
}

async function findingsOf(copy: RepositoryCopy, mutant: Mutant): Promise<readonly Finding[]> {
  if (worlds !== undefined) return runWorlds(copy, worlds);
  if ('worlds' in mutant) return runWorlds(copy, mutant.worlds);
  if ('test' in mutant) return runTest(copy, mutant.test);
  const [result] = await runScenarios(copy, [mutant.scenario]);
  return result?.findings ?? [];
}

/** Whether the unbroken product passes the run that must catch the broken one. */
async function passesWhole(mutant: Mutant, copy: RepositoryCopy): Promise<boolean> {
  const [finding] = await findingsOf(copy, mutant);
  say(`unbroken  ${finding === undefined ? 'passes' : `FAILS: ${finding.text}`}  ${catcherOf(mutant)}`);
  return finding === undefined;
}

/** A scenario that breaks off has judged nothing, so it does not count as a catch. */
async function isCaught(mutant: Mutant, copy: RepositoryCopy): Promise<boolean> {
  const restore = copy.breakBy(mutant);
  const findings = await findingsOf(copy, mutant);
  restore();
  const finding = findings.find(({ check }) => check !== 'run');
  const by = finding === undefined ? 'NOT CAUGHT' : `caught by "${finding.check}"`;
  const text = findings.length === 0 ? '' : `\n    ${(finding ?? findings[0])?.text}`;
  say(`${by.padEnd(20)} ${catcherOf(mutant).padEnd(25)} ${mutant.name}${text}`);
  return finding !== undefined;
}

async function run(words: readonly string[]): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => words.every((word) => name.includes(word)));
  const catchers = [...new Map(chosen.map((mutant) => [catcherOf(mutant), mutant])).values()];
  const copies = Array.from({ length: AT_ONCE }, () => RepositoryCopy.make());
  try {
    // Look for every text first, so that a mutant that no longer fits is noticed at the start, not at the end.
    for (const mutant of chosen) copies[0]?.breakBy(mutant)();
    const passed = await inTurns(catchers, copies, passesWhole);
    if (passed.includes(false)) return false;
    const caught = (await inTurns(chosen, copies, isCaught)).filter(Boolean).length;
    say(`${caught} of ${chosen.length} ways to break it are caught.`);
    return caught === chosen.length;
  } finally {
    for (const copy of copies) copy.remove();
  }
}

try {
  process.exitCode = (await run(worlds === undefined ? asked : asked.slice(2))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
