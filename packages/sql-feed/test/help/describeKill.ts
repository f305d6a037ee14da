import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { SqlPlace } from './sqlCase.js';

const SCRIPT = join(import.meta.dirname, '..', 'fixtures', 'deliver.mjs');
const BATCHES = 12;
const SIZE = 400;
/** How long after a batch began the process is killed; a batch takes longer. ms. */
const LATER_MS = [0, 5, 15, 30, 60];

/** A host that is killed (-9) in the middle of a batch leaves whole batches, and the next one goes on. */
export function describeKill(makePlace: () => Promise<SqlPlace>): void {
  describe('a host that is killed (-9) in the middle of a batch', () => {
    it('leaves all rows of a batch or none, and the tables equal to the source after its restart', async () => {
      const place = await makePlace();
      let settled = -1;
      let begun = -1;
      for (const later of LATER_MS) {
        const run = deliver(place, settled + 1);
        const goal = settled + 2;
        await run.until(() => run.begun() >= goal);
        await sleep(later);
        run.kill();
        await run.ended;
        expect(run.problems()).toBe('');
        [settled, begun] = [Math.max(settled, run.settled()), run.begun()];
        const counts = await rowsPerBatch(place);
        for (let batch = 0; batch < BATCHES; batch += 1) {
          const { incident = 0, task = 0 } = counts[batch] ?? {};
          expect([
            [0, 0],
            [SIZE / 2, SIZE / 2],
          ]).toContainEqual([incident, task]);
          if (batch <= settled) expect(incident).toBe(SIZE / 2);
          if (batch > begun) expect(incident).toBe(0);
        }
      }
      const last = deliver(place, settled + 1);
      await last.ended;
      expect(last.problems()).toBe('');
      const counts = await rowsPerBatch(place);
      expect(counts).toEqual(Array.from({ length: BATCHES }, () => ({ incident: SIZE / 2, task: SIZE / 2 })));
      await place.dispose();
    });
  });
}

async function rowsPerBatch({ knex, texts }: SqlPlace): Promise<{ incident?: number; task?: number }[]> {
  const counts: { incident?: number; task?: number }[] = [];
  for (const table of ['incident', 'task'] as const) {
    const rows = (await knex(`${texts['table_prefix'] ?? ''}${table}`)
      .select('name')
      .count('id as n')
      .groupBy('name')) as readonly { readonly name: string; readonly n: number | string }[];
    for (const { name, n } of rows) {
      const batch = Number(name.split(' ')[1]);
      counts[batch] = { ...counts[batch], [table]: Number(n) };
    }
  }
  return counts;
}

function deliver({ texts }: SqlPlace, from: number) {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(texts), String(from), String(BATCHES), String(SIZE)]);
  let [settled, begun, problems] = [-1, -1, ''];
  let heard = (): void => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    for (const [, word, batch] of chunk.toString().matchAll(/(begun|settled) (\d+)/g)) {
      if (word === 'begun') begun = Number(batch);
      else settled = Number(batch);
    }
    heard();
  });
  child.stderr.on('data', (chunk: Buffer) => (problems += chunk.toString()));
  const ended = once(child, 'exit');
  return {
    ended,
    settled: () => settled,
    begun: () => begun,
    problems: () => problems,
    kill: () => child.kill('SIGKILL'),
    until: (holds: () => boolean) =>
      new Promise<void>((done, fail) => {
        heard = () => (holds() ? done() : undefined);
        heard();
        void ended.then(() => fail(new Error(`ended before: ${problems}`)));
      }),
  };
}
