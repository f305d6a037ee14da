/**
 * Tests the oracle: breaks the product in one way after the other, in a copy, and looks whether the chaos run notices.
 * Exits 0 when the whole product passes and every broken one is caught. `npm run mutants -- [words of names]`
 */
import { mutants } from './mutants.js';
import { RepositoryCopy } from './RepositoryCopy.js';
import { runScenarios } from './runScenarios.js';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function run(words: readonly string[]): Promise<boolean> {
  const chosen = mutants.filter(({ name }) => words.every((word) => name.includes(word)));
  const copy = RepositoryCopy.make();
  try {
    // Every text is looked for first: a mutant that no longer fits must not be found out at the end.
    for (const mutant of chosen) copy.breakBy(mutant)();
    const scenarios = [...new Set(chosen.map(({ scenario }) => scenario))];
    const whole = await runScenarios(copy, scenarios);
    for (const { name, findings } of whole) {
      say(`unbroken  ${findings.length === 0 ? 'passes' : `FAILS: ${findings[0]?.text ?? ''}`}  ${name}`);
    }
    if (whole.some(({ findings }) => findings.length > 0)) return false;
    let caught = 0;
    for (const mutant of chosen) {
      const mend = copy.breakBy(mutant);
      const [result] = await runScenarios(copy, [mutant.scenario]);
      mend();
      const [finding] = result?.findings ?? [];
      if (finding !== undefined) caught += 1;
      const by = finding === undefined ? 'NOT CAUGHT' : `caught by "${finding.check}"`;
      say(
        `${by.padEnd(20)} ${mutant.scenario.padEnd(25)} ${mutant.name}${finding === undefined ? '' : `\n    ${finding.text}`}`,
      );
    }
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
