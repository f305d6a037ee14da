/**
 * Runs the benchmarks of the targets, one process after the other, and prints their ratios: `npm run bench:targets`, or
 * `npm run bench:targets -- kafka` for some. A benchmark is a file in `targets` that prints lines of JSON; a `ratio` in a
 * line compares two ways measured in that run, and `goal` is the least that it should be.
 */
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

type Line = Readonly<Record<string, unknown>>;

const folder = fileURLToPath(new URL('./targets/', import.meta.url));
const wanted = process.argv.slice(2);
const all = readdirSync(folder)
  .filter((file) => file.endsWith('.js'))
  .map((file) => file.slice(0, -'.js'.length))
  .sort();
const HELP = `npm run bench:targets -- [names]
  Benchmarks of the targets, one after the other: lines of JSON, then the ratios and whether each goal is reached.
  names  of some: ${all.join(', ')}`;

const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  const asked = unknown.some((name) => name === '--help' || name === '-h');
  (asked ? process.stdout : process.stderr).write(
    `${asked ? '' : `There is no benchmark ${unknown.join(', ')}.\n\n`}${HELP}\n`,
  );
  process.exit(asked ? 0 : 2);
}

const found: string[] = [];
for (const name of wanted.length > 0 ? wanted : all) {
  for (const line of await linesOf(name)) {
    console.log(JSON.stringify(line));
    if (typeof line['ratio'] === 'number') found.push(verdict(name, line));
  }
}
console.log(`\n${found.join('\n')}`);

/** `kafka (client kafkajs): 41.2 times, goal 20: reached`. */
function verdict(name: string, line: Line): string {
  const { ratio, goal, target: _target, ...rest } = line;
  const about = Object.entries(rest).flatMap(([key, value]) => (typeof value === 'string' ? [`${key} ${value}`] : []));
  const said = `${name}${about.length > 0 ? ` (${about.join(', ')})` : ''}: ${String(ratio)} times`;
  if (typeof goal !== 'number') return said;
  return `${said}, goal ${goal}: ${Number(ratio) >= goal ? 'reached' : 'NOT reached'}`;
}

/** One benchmark's lines; a failure sets the exit code, and the others run. */
async function linesOf(name: string): Promise<readonly Line[]> {
  const child = spawn(process.execPath, [`${folder}${name}.js`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines: Line[] = [];
  for await (const text of createInterface({ input: child.stdout })) {
    if (text.startsWith('{')) lines.push(JSON.parse(text) as Line);
    else console.log(text);
  }
  const code = await ended;
  if (code !== 0) {
    process.exitCode = 1;
    found.push(`${name}: failed with exit code ${String(code)}`);
  }
  return lines;
}
