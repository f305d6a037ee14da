/**
 * What a feed notices of the feeds beside it: how long a change takes to arrive in a file feed and to be acknowledged
 * when the file feed is alone, beside a replica whose organization takes 5 s per request, and beside one that is away.
 * The trouble begins with the first change, so the time before `spill_after` (10 s here) counts, too. All three run at
 * the same time, each with a platform and a host of its own, so that a busy machine disturbs them alike.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Beside, Figures } from './measureLag.js';
import { numbersOf } from './numbersOf.js';

const HELP = `npm run bench:lag -- [changes] [per second] [incidents]
  How long a change takes to arrive in a file feed: alone, beside a replica with 5 s per request, and beside one that is
  down. Ratios to the feed alone, measured at the same time.
  changes     notes that are written (300)
  per second  how many of them (10)
  incidents   that they belong to (60)`;

const [changes, perSecond, incidents] = numbersOf<[number, number, number]>(HELP, [300, 10, 60]);

const situations = (['nothing', 'slow', 'down'] as const).map(begin);
await Promise.all(situations.map(({ ready }) => ready));
console.log(`${changes} notes at ${perSecond}/s on ${incidents} incidents; ms, and as ratio to the feed alone`);
for (const { go } of situations) go();
const [alone, ...others] = (await Promise.all(situations.map(({ figures }) => figures))) as [Figures, ...Figures[]];
show('alone', alone, alone);
for (const [at, name] of ['beside 5 s per request', 'beside one that is down'].entries())
  show(name, others[at] as Figures, alone);

function begin(beside: Beside) {
  const file = fileURLToPath(new URL('./measureLag.js', import.meta.url));
  const child = fork(file, [beside, ...[changes, perSecond, incidents].map(String)]);
  const ready = once(child, 'message');
  const figures = ready.then(async () => (await once(child, 'message'))[0] as Figures);
  return { ready, figures, go: () => child.send('go') };
}

function show(name: string, figures: Figures, base: Figures): void {
  const texts = Object.entries(figures).map(([key, value]: [string, number]) => {
    const ratio = value / base[key as keyof Figures];
    return `${key} ${value.toFixed(1)} (${ratio.toFixed(2)})`;
  });
  console.log(`${name.padEnd(24)} ${texts.join('  ')}`);
}
