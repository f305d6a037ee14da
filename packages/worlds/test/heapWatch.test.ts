import { expect, it } from '@jest/globals';
import { HeapWatch } from '../src/run/HeapWatch.js';

const MEGABYTE = 1_000_000;

/** What a watch says of 100 worlds that begin with so many bytes in use and leave so many each. */
function findingsOf(first: number, perWorld: number): readonly string[] {
  let worlds = 0;
  const watch = new HeapWatch(() => first + worlds * perWorld);
  return Array.from({ length: 100 }, () => {
    worlds += 1;
    return watch.judge().map(({ check, text }) => `${check}: ${text}`);
  }).flat();
}

it('finds that what worlds leave in memory adds up, every 25 worlds once the first are over', () => {
  expect(findingsOf(80 * MEGABYTE, 2.1 * MEGABYTE)).toEqual([
    'memory: Each of the last 25 worlds left 2100 kB in memory',
    'memory: Each of the last 50 worlds left 2100 kB in memory',
    'memory: Each of the last 75 worlds left 2100 kB in memory',
  ]);
});

it.each([
  ['much is in use from the first', 900 * MEGABYTE, 0],
  ['a little is left by each', 80 * MEGABYTE, 2 * MEGABYTE],
])('finds nothing where %s', (_, first, perWorld) => {
  expect(findingsOf(first, perWorld)).toEqual([]);
});

it('sees what this process holds', () => {
  const held: string[] = [];
  const watch = new HeapWatch();
  const found = Array.from({ length: 50 }, (_, world) => {
    held.push(Array.from({ length: 100_000 }, (_each, place) => `world ${world}, ${place}, kept`).join());
    return watch.judge();
  });
  expect(held).toHaveLength(50);
  expect(found.flat()).toMatchObject([{ check: 'memory' }]);
});
