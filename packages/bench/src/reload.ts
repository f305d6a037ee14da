/** A reload on the real host and a durable store, alone or in turn with that of another commit. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildCommit } from './otherCommit.js';
import { percentile } from './percentile.js';
import { MEANINGS, runReload } from './runReload.js';
import type { ReloadFigures, ReloadSettings } from './runReload.js';

const HELP = `A reload on the real host and a durable store: how close it comes to concurrency / latency, what a further write
costs in processor time, and what its lanes wait for.

  npm run bench -- [options]

  --incidents N      that are loaded, with about 8 objects each (default 500); a fifth of them warms up the process
  --latency MS       of each request (default 50)
  --concurrency N    of the feed, and of the bare requests (default 16)
  --auto             the feed finds out its concurrency; --against HEAD --auto compares that with a fixed one
  --no-bundles       each object is created by itself
  --against REF      builds another commit beside this one, and runs both in turn: a busy machine disturbs them alike
  --rounds N         the figures are medians of so many (default 3)`;

const number = (text: string) => ({ type: 'string', default: text }) as const;
const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    incidents: number('500'),
    latency: number('50'),
    concurrency: number('16'),
    auto: { type: 'boolean', default: false },
    'no-bundles': { type: 'boolean', default: false },
    rounds: number('3'),
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  console.log(HELP);
  process.exit();
}
const [incidents, latencyMs, concurrency, rounds] = [
  ...[values.incidents, values.latency, values.concurrency, values.rounds].map(Number),
] as [number, number, number, number];
const own = fileURLToPath(new URL('.', import.meta.url));
const other = values.against === undefined ? undefined : buildCommit(values.against);
const runs: { readonly before: ReloadFigures[]; readonly now: ReloadFigures[] } = { before: [], now: [] };
try {
  for (let round = 0; round < rounds; round += 1) {
    if (other !== undefined) runs.before.push(await run('before', other.bench, { auto: false, bundles: true }));
    runs.now.push(await run('now', own, { auto: values.auto, bundles: !values['no-bundles'] }));
  }
} finally {
  other?.remove();
}
console.log(
  `${incidents} incidents, ${latencyMs} ms per request, concurrency ${values.auto ? 'auto' : concurrency}; median of ${rounds}`,
);
for (const [key, meaning] of Object.entries(MEANINGS)) {
  const [before, now] = [runs.before, runs.now].map((of) =>
    percentile(
      of.map((figures) => figures[key as keyof ReloadFigures]),
      0.5,
    ),
  ) as [number, number];
  const compared = other === undefined ? '' : `${shown(before)}  ${shown(now / before)} x`;
  console.log(`${meaning.padEnd(42)} ${shown(now)}  ${compared}`);
}

async function run(
  name: string,
  bench: string,
  mode: Pick<ReloadSettings, 'auto' | 'bundles'>,
): Promise<ReloadFigures> {
  const figures = await runReload(bench, { incidents, latencyMs, concurrency, ...mode });
  const short = Object.entries(figures).map(([key, value]: [string, number]) => [key, Math.round(value * 100) / 100]);
  console.log(JSON.stringify({ run: name, ...Object.fromEntries(short) }));
  return figures;
}

function shown(value: number): string {
  return value.toFixed(2).padStart(10);
}
