/**
 * Tests the oracle: breaks the product in one way after the other, in a copy, and looks whether the run that should
 * notices. Exits 0 when the whole product passes and every broken one is caught.
 * `npm run chaos:mutants -- [words of names]`
 */
import type { Finding } from '../oracle/Finding.js';
import type { Mutant } from './Mutant.js';
import { mutants } from './mutants.js';
import { RepositoryCopy } from './RepositoryCopy.js';
import { runScenarios } from './runScenarios.js';
import { runTest } from './runTest.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

/** The scenario or test that must catch it. */
const catcherOf = (mutant: Mutant): string => ('scenario' in mutant ? mutant.scenario : mutant.test);

async function findingsOf(copy: RepositoryCopy, mutant: Mutant): Promise<readonly Finding[]> {
  if ('test' in mutant) return runTest(copy, mutant.test);
  const [result] = await runScenarios(copy, [mutant.scenario]);
  return result?.findings ?? [];
}

/** Whether the unbroken product passes everything that is to catch the broken ones. */
async function passesWhole(copy: RepositoryCopy, chosen: readonly Mutant[]): Promise<boolean> {
  const catchers = new Map(chosen.map((mutant) => [catcherOf(mutant), mutant]));
  let passes = true;
  for (const [name, mutant] of catchers) {
    const [finding] = await findingsOf(copy, mutant);
    say(`unbroken  ${finding === undefined ? 'passes' : `FAILS: ${finding.text}`}  ${name}`);
    passes &&= finding === undefined;
  }
  return passes;
}

async function isCaught(copy: RepositoryCopy, mutant: Mutant): Promise<boolean> {
  const mend = copy.breakBy(mutant);
  const [finding] = await findingsOf(copy, mutant);
  mend();
  const by = finding === undefined ? 'NOT CAUGHT' : `caught by "${finding.check}"`;
  const text = finding === undefined ? '' : `\n    ${finding.text}`;
  say(`${by.padEnd(20)} ${catcherOf(mutant).padEnd(25)} ${mutant.name}${text}`);
  return finding !== undefined;
}

async function run(words: readonly string[]): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => words.every((word) => name.includes(word)));
  const copy = RepositoryCopy.make();
  try {
    // Every text is looked for first: a mutant that no longer fits must not be found out at the end.
    for (const mutant of chosen) copy.breakBy(mutant)();
    if (!(await passesWhole(copy, chosen))) return false;
    let caught = 0;
    for (const mutant of chosen) if (await isCaught(copy, mutant)) caught += 1;
    say(`${caught} of ${chosen.length} ways to break it are caught.`);
    return caught === chosen.length;
  } finally {
    copy.remove();
  }
}

try {
  process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
