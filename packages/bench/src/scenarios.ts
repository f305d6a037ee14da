/** Scenarios on the real host and a durable store, alone or in turn with those of another commit. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Scenario } from './measureScenario.js';
import { buildCommit } from './otherCommit.js';
import { percentile } from './percentile.js';
import { MEANINGS, runScenario } from './runScenario.js';
import type { ScenarioFigures, ScenarioSettings } from './runScenario.js';

const HELP = `The real host on a durable store: how close it comes to concurrency / latency, what a further object costs in
processor time, and what its lanes wait for.

  npm run bench -- [options]

  --scenario NAMES   one or more of these, with commas (default reload):
                       reload   everything is new to the target
                       again    everything once more, and nothing has changed
                       live     notes by the queue, all at once
                       fan-out  a reload into a replica, a database and files
  --latency MS       of each request; one or more, with commas (default 50)
  --incidents N      with about 8 objects each (default 500); a fifth of a reload warms up the process
  --changes N        notes of live, after as many that warm up the process (default 1000)
  --concurrency N    of the replica, and of the bare requests (default 16)
  --auto             the replica finds out its concurrency; --against HEAD --auto compares that with a fixed one
  --no-bundles       each object is created by itself
  --against REF      builds another commit beside this one, and runs both in turn: a busy machine disturbs them alike
  --rounds N         the figures are medians of so many (default 3)`;

const SCENARIOS: readonly Scenario[] = ['reload', 'again', 'live', 'fan-out'];

const text = (value: string) => ({ type: 'string', default: value }) as const;
const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    scenario: text('reload'),
    incidents: text('500'),
    changes: text('1000'),
    latency: text('50'),
    concurrency: text('16'),
    auto: { type: 'boolean', default: false },
    'no-bundles': { type: 'boolean', default: false },
    rounds: text('3'),
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}
const own = fileURLToPath(new URL('.', import.meta.url));
const [incidents, changes, concurrency, rounds] = (['incidents', 'changes', 'concurrency', 'rounds'] as const).map(
  (option) => numberOf(option, values[option], 1),
) as [number, number, number, number];
const latencies = values.latency.split(',').map((part) => numberOf('latency', part, 0));
const scenarios = values.scenario.split(',').map(scenarioOf);
const other = values.against === undefined ? undefined : buildCommit(values.against);
try {
  for (const scenario of scenarios) for (const latencyMs of latencies) await compare(scenario, latencyMs);
} finally {
  other?.remove();
}

/** Runs one scenario in turn with the other commit, and prints its table. */
async function compare(scenario: Scenario, latencyMs: number): Promise<void> {
  const runs: { readonly before: ScenarioFigures[]; readonly now: ScenarioFigures[] } = { before: [], now: [] };
  const fixed = { scenario, incidents, changes, latencyMs, concurrency };
  const mode = { auto: values.auto, bundles: !values['no-bundles'] };
  for (let round = 0; round < rounds; round += 1) {
    if (other !== undefined)
      runs.before.push(await run('before', other.bench, { ...fixed, auto: false, bundles: true }));
    runs.now.push(await run('now', own, { ...fixed, ...mode }));
  }
  const size = scenario === 'live' ? `${changes} changes` : `${incidents} incidents`;
  const of = `concurrency ${values.auto ? 'auto' : concurrency}; median of ${rounds}`;
  console.log(`${scenario}: ${size}, ${latencyMs} ms per request, ${of}`);
  for (const [key, meaning] of Object.entries(MEANINGS)) {
    const [before, now] = [runs.before, runs.now].map((figures) =>
      percentile(
        figures.map((one) => one[key as keyof ScenarioFigures]),
        0.5,
      ),
    ) as [number, number];
    const compared = other === undefined ? '' : `${shown(before)}  ${shown(now / before)} x`;
    console.log(`${meaning.padEnd(46)} ${shown(now)}  ${compared}`.trimEnd());
  }
}

async function run(name: string, bench: string, settings: ScenarioSettings): Promise<ScenarioFigures> {
  const { scenario, latencyMs } = settings;
  const figures = await runScenario(bench, settings);
  const short = Object.entries(figures).map(([key, value]: [string, number]) => [key, Math.round(value * 100) / 100]);
  console.log(JSON.stringify({ run: name, scenario, latencyMs, ...Object.fromEntries(short) }));
  return figures;
}

/** Some scenarios lack a figure: where nothing has changed, nothing is written, and without latency there is no ideal. */
function shown(value: number): string {
  return (Number.isFinite(value) ? value.toFixed(2) : '-').padStart(10);
}

function scenarioOf(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario === name);
  return found ?? fail(`--scenario ${name}: say one or more of ${SCENARIOS.join(', ')}.`);
}

function numberOf(option: string, value: string, least: number): number {
  const number = Number(value);
  if (value === '' || !Number.isInteger(number) || number < least)
    return fail(`--${option} ${value}: say a whole number from ${least} on.`);
  return number;
}

function fail(problem: string): never {
  console.error(`${problem} See --help.`);
  process.exit(2);
}
