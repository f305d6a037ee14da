import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const MODULE = new URL('../dist/limitGarbage.js', import.meta.url).href;

/** Much is kept, and much more passes slowly enough to be taken for something that stays. Prints the most that was in use. */
const CHURN = `
import { getHeapStatistics } from 'node:v8';
const make = (at) => ({ text: 'x' + at, more: [1, 2, 3, {}] });
const kept = Array.from({ length: 150_000 }, (_, at) => make(at));
const passing = Array.from({ length: 50_000 }, (_, at) => make(at));
let most = 0;
for (let at = 0; at < 4_000_000; at += 1) {
  passing[at % passing.length] = make(at);
  if (at % 50_000 === 0) most = Math.max(most, getHeapStatistics().used_heap_size);
}
console.log(most, kept.length);`;

async function mostInUse(begin: string, nodeArgs: readonly string[] = []): Promise<number> {
  const args = [...nodeArgs, '--input-type=module', '--eval', `${begin}\n${CHURN}`];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { env: {} });
  // A flag that this version of Node.js does not know would be told here.
  expect(stderr).toBe('');
  return Number(stdout.split(' ')[0]);
}

describe('the garbage of a process', () => {
  it('is collected long before the heap is a multiple of what is alive, unless Node.js was told otherwise', async () => {
    const limited = `import { limitGarbage } from '${MODULE}'; limitGarbage();`;
    const unlimited = await mostInUse('');
    expect((await mostInUse(limited)) / unlimited).toBeLessThan(0.8);
    expect((await mostInUse(limited, ['--heap-growing-percent=300'])) / unlimited).toBeGreaterThan(0.8);
  });
});
