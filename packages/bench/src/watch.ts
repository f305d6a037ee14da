/**
 * What a host notices of its watchers: how long a change takes to arrive in a replica when nobody watches, and while the page's
 * requests, `top`, `tap` and one `verify` after the other run. Goal: nothing is lost, and the p99 stays within 1.5 times.
 * Both run at the same time, each with a platform and a host of its own, so that a busy machine disturbs them alike.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Watched } from './measureWatched.js';
import { numbersOf } from './numbersOf.js';

const GOAL = 1.5;
const HELP = `npm run bench:watch -- [changes] [per second] [incidents] [port]
  How long a change takes to arrive in a replica: while nobody watches, and beside the page, top, tap and verify. Ends
  with 1 if something is lost, or the p99 is more than ${GOAL} times.
  changes     notes that are written (1500)
  per second  how many of them (50)
  incidents   that they belong to (60)
  port        and the next: where the two hosts serve their pages (24400)`;

const defaults = [1_500, 50, 60, 24_400] as const;
const [changes, perSecond, incidents, port] = numbersOf<readonly [number, number, number, number]>(HELP, defaults);

const runs = (['quiet', 'watched'] as const).map(begin);
await Promise.all(runs.map(({ ready }) => ready));
console.log(`${changes} notes at ${perSecond}/s on ${incidents} incidents; ms`);
for (const { go } of runs) go();
const [quiet, watched] = (await Promise.all(runs.map(({ figures }) => figures))) as [Watched, Watched];
console.log('quiet  ', JSON.stringify(quiet));
console.log('watched', JSON.stringify(watched));
const ratio = watched.arrivalP99 / quiet.arrivalP99;
console.log(`p50 ${(watched.arrivalP50 / quiet.arrivalP50).toFixed(2)} times, p99 ${ratio.toFixed(2)} times`);
if (quiet.lost + watched.lost > 0 || !(ratio <= GOAL)) process.exitCode = 1;

function begin(how: 'quiet' | 'watched', at: number) {
  const file = fileURLToPath(new URL('./measureWatched.js', import.meta.url));
  const child = fork(file, [how, ...[changes, perSecond, incidents, port + at].map(String)]);
  const ready = once(child, 'message');
  const figures = ready.then(async () => (await once(child, 'message'))[0] as Watched);
  return { ready, figures, go: () => child.send('go') };
}
