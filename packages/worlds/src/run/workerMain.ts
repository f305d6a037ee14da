/** A process that runs worlds in virtual time, one after another, as its parent asks. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gateFiles } from '../machine/gateFiles.js';
import { gateSqlite } from '../machine/gateSqlite.js';
import { preload } from '../machine/preload.js';
import type { Story } from '../plan/Story.js';
import { installVirtualTime } from '../virtual/install.js';
import { installHost } from '../world/installation.js';
import type { Answer, Question } from './Question.js';
import { HeapWatch } from './HeapWatch.js';
import { runWorld } from './runWorld.js';
import type { WorldResult } from './runWorld.js';
import { shrink } from './shrink.js';

/** A RAM disk, where there is one: a killed process loses nothing that it had written, so nothing needs to reach a real disk. */
const RAM_DISK = '/dev/shm';

const folder = mkdtempSync(join(existsSync(RAM_DISK) ? RAM_DISK : tmpdir(), 'soar-feed-worlds-'));
const place = { folder: join(folder, 'world'), hostFile: installHost(folder) };
await preload();
installVirtualTime();
gateSqlite();
gateFiles();

const heap = new HeapWatch();

process.on('message', (question: Question) => {
  answer(question).then(
    (result) => process.send?.(result),
    (error: unknown) => process.send?.({ broken: String(error) } satisfies Answer),
  );
});
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.exit(0);
});
process.send?.({ ready: true } satisfies Answer);

async function answer(question: Question): Promise<Answer> {
  const run = (story: Story): Promise<WorldResult> => runWorld(story, place);
  if ('shrink' in question) return { shrunk: await shrink(question.shrink, question.check, run) };
  const result = await run(question.story);
  return { result: { ...result, findings: [...result.findings, ...heap.judge()] } };
}
