/** What a reload does to the people who work on its target. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PartFigures, ScenarioTask } from './measureScenario.js';
import { percentile } from './percentile.js';
import { SimulatorHandle } from './SimulatorHandle.js';
import { SteadyAnalyst } from './SteadyAnalyst.js';

const HELP = `What a reload does to the people who work on its target: a server that serves so many requests at once, an analyst
at a steady pace there, and the same reload with fixed concurrencies and with "auto".

  npm run bench:polite -- [options]

  --incidents N        that are loaded (default 400); a fifth of them warms up the host, and finds the knee
  --latency MS         of each request (default 200)
  --knee N             requests that the server serves at once (default 24)
  --concurrency LIST   in turn (default 24,auto,64)
  --rounds N           the figures are medians of so many (default 1)`;

const string = (text: string) => ({ type: 'string', default: text }) as const;
const { values } = parseArgs({
  options: {
    incidents: string('400'),
    latency: string('200'),
    knee: string('24'),
    rounds: string('1'),
    concurrency: string('24,auto,64'),
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}
const [incidents, latencyMs, knee, rounds] = [
  ...[values.incidents, values.latency, values.knee, values.rounds].map(Number),
] as [number, number, number, number];
const modes = values.concurrency.split(',').map((text) => (text === 'auto' ? 'auto' : Number(text)));
/** A fifth of the incidents warms up the host, and finds the knee. */
const WARM = 0.2;
const PER_SECOND = 3;

interface Run {
  readonly objectsPerSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly aloneP95: number;
}

const runs = new Map<number | 'auto', Run[]>(modes.map((mode) => [mode, []]));
for (let round = 0; round < rounds; round += 1) for (const mode of modes) runs.get(mode)?.push(await run(mode));

console.log(`${incidents} incidents, ${latencyMs} ms per request, ${knee} served at once; median of ${rounds}`);
console.log('concurrency    objects/s  analyst p50  analyst p95  alone p95  p95 ÷ alone');
for (const [mode, all] of runs) {
  const [objects, p50, p95, alone] = (['objectsPerSecond', 'p50', 'p95', 'aloneP95'] as const).map((key) =>
    percentile(
      all.map((one) => one[key]),
      0.5,
    ),
  ) as [number, number, number, number];
  const cells = [objects, p50, p95, alone].map((value) => value.toFixed(0).padStart(11));
  console.log(`${String(mode).padEnd(11)} ${cells.join('  ')}  ${(p95 / alone).toFixed(2)}`);
}

async function run(concurrency: number | 'auto'): Promise<Run> {
  const simulator = await SimulatorHandle.start({ incidents, latencyMs, capacity: knee });
  const { facts } = simulator;
  const analyst = new SteadyAnalyst(facts, PER_SECOND);
  await delay(1_000);
  analyst.take();
  await delay(8_000);
  const alone = analyst.take();
  const child = fork(fileURLToPath(new URL('./measureScenario.js', import.meta.url)));
  const ended = once(child, 'exit');
  const small = Math.round(incidents * WARM);
  const task: ScenarioTask = { scenario: 'reload', facts, concurrency, bundles: true, small };
  child.send(task);
  await once(child, 'message');
  analyst.take();
  child.send('go on');
  const [{ objects, seconds }] = (await once(child, 'message')) as [PartFigures];
  const { p50, p95, count } = analyst.take();
  child.send('go on');
  analyst.stop();
  await ended;
  await simulator.stop();
  const figures: Run = { objectsPerSecond: objects / seconds, p50, p95, aloneP95: alone.p95 };
  console.log(JSON.stringify({ concurrency, ...figures, asked: count, seconds }));
  return figures;
}
