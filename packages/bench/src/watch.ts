/**
 * What a host notices of its watchers: how long a change takes to arrive in a replica when nobody watches, and while the page's
 * requests, `top`, `tap` and one `verify` after the other run. Goal: nothing is lost, and the p99 stays within 1.5 times.
 * Both run at the same time, each with a platform and a host of its own, so that a busy machine disturbs them alike.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Watched } from './measureWatched.js';

const [changes = 1_500, perSecond = 50, incidents = 60, port = 24_400] = process.argv.slice(2).map(Number);
const GOAL = 1.5;

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
