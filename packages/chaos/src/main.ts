/** Runs seeds or scenarios one after another and reports the result of each. Exits 0 when the promise held in all. */
import { makePlan } from './plan/makePlan.js';
import type { Arguments } from './readArguments.js';
import { readArguments, USAGE } from './readArguments.js';
import { reportText, summaryText } from './report.js';
import { runScenario } from './run/runScenario.js';
import { runSeed } from './run/runSeed.js';
import type { RunResult } from './run/RunResult.js';
import { runSoak } from './soak/runSoak.js';
import { scenarios, scenariosNamed } from './scenarios/scenarios.js';

async function* runs(args: Arguments): AsyncGenerator<RunResult> {
  const options = { keep: args.keep, patienceMs: args.patience * 1_000 };
  if (args.soakMinutes !== undefined) {
    yield await runSoak(args.soakMinutes, options);
    return;
  }
  if (args.scenarios.length > 0) {
    for (const scenario of scenariosNamed(args.scenarios)) yield await runScenario(scenario, options);
    return;
  }
  const endMs = args.minutes === undefined ? Infinity : Date.now() + args.minutes * 60_000;
  for (let seed = args.from; seed < args.from + args.seeds && Date.now() < endMs; seed += 1) {
    yield await runSeed(makePlan(seed, args.operations, { fanOut: args.fanOut }), options);
  }
}

async function chaos(args: Arguments): Promise<boolean> {
  const results: RunResult[] = [];
  for await (const result of runs(args)) {
    results.push(result);
    process.stdout.write(args.json ? `${JSON.stringify(result)}\n` : reportText(result));
  }
  if (!args.json) process.stdout.write(summaryText(results));
  return results.every(({ findings }) => findings.length === 0);
}

try {
  process.exitCode = (await chaos(readArguments(process.argv.slice(2)))) ? 0 : 1;
} catch (error) {
  const isUsage = error instanceof TypeError;
  const names = Object.keys(scenarios).join(', ');
  process.stderr.write(
    isUsage
      ? `${error.message}\n${USAGE}scenarios: ${names}\n`
      : `The run failed: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 2;
}
