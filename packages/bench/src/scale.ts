/**
 * What a host needs as it grows: the memory of a large reload, a host that knows a million objects, and a host with a hundred
 * thousand parked rows. The host is the real command in a process of its own, the platform is simulated in another one, so
 * that the memory is the host's own. `npm run bench:scale -- --help`.
 */
import { parseArgs } from 'node:util';
import { measureMapped } from './scale/measureMapped.js';
import { measureParked } from './scale/measureParked.js';
import { measureReloadMemory } from './scale/measureMemory.js';
import { endProgress } from './scale/tellProgress.js';

const HELP = `What a host needs as it grows. The defaults are for a quick look.

  npm run bench:scale -- [options]

  --only PART      reload, mapped or parked; default all three
  --incidents N    reload: incidents that are loaded, with about 18 objects each (default 300; the goal is for 10000)
  --mapped N       mapped: objects that the host knows at last, in incidents of ten (default 100000; the goal is for 1000000)
  --parked N       parked: rows (default 20000; the goal is for 100000)
  --json           one line of JSON for each part

A million mapped objects need 2 GB in the folder for temporary files. Figures in MiB are of the host's process alone.`;

const number = (text: string) => ({ type: 'string', default: text }) as const;
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    incidents: number('300'),
    mapped: number('100000'),
    parked: number('20000'),
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});

const parts: Readonly<Record<string, () => Promise<object>>> = {
  reload: () => measureReloadMemory(countOf('incidents')),
  mapped: () => measureMapped(countOf('mapped')),
  parked: () => measureParked(countOf('parked')),
};

if (values.help) console.log(HELP);
else await measureAll();

async function measureAll(): Promise<void> {
  const { only, json } = values;
  if (only !== undefined && !(only in parts)) fail(`--only ${only}: say one of ${Object.keys(parts).join(', ')}.`);
  for (const [name, measure] of Object.entries(parts)) {
    if (only !== undefined && only !== name) continue;
    const found = await measure();
    endProgress();
    for (const figures of [found].flat() as readonly Readonly<Record<string, number>>[])
      console.log(json ? JSON.stringify({ part: name, ...figures }) : textOf(name, figures));
  }
}

function countOf(option: 'incidents' | 'mapped' | 'parked'): number {
  const count = Number(values[option]);
  if (!Number.isInteger(count) || count < 1) fail(`--${option} ${values[option]}: say a whole number above 0.`);
  return count;
}

function textOf(name: string, figures: Readonly<Record<string, number>>): string {
  const lines = Object.entries(figures).map(([key, value]) => `  ${key.padEnd(20)} ${shown(value)}`);
  return [name, ...lines].join('\n');
}

function shown(value: number): string {
  return (Number.isInteger(value) ? String(value) : value.toFixed(2)).padStart(12);
}

function fail(problem: string): never {
  console.error(`${problem} See --help.`);
  process.exit(2);
}
