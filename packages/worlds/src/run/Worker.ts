import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Finding } from '../oracles/Finding.js';
import type { Story } from '../plan/Story.js';
import type { Answer, Question } from './Question.js';
import type { WorldResult } from './runWorld.js';

/** A world that takes longer, in real time and on a busy machine, goes round in circles. ms. */
const PATIENCE_MS = 600_000;
const SHRINK_PATIENCE_MS = 3_600_000;
/** A process is replaced after so many worlds: what each leaves in memory does not add up. */
const WORLDS_PER_PROCESS = 300;
/** A world's database does one thing at a time; a thread that is still warm begins it sooner. */
const ONE_THREAD = { UV_THREADPOOL_SIZE: '1' };
/** Most of what a world makes is garbage soon. */
const YOUNG_OBJECTS = '--max-semi-space-size=32';

/** Asks worlds of a process of its own, which is replaced when it breaks. */
export class Worker {
  private child: ChildProcess | undefined;
  private worlds = 0;

  async run(question: { readonly story: Story }): Promise<WorldResult> {
    const answer = await this.ask(question, PATIENCE_MS);
    if ('result' in answer) return answer.result;
    throw new Error('broken' in answer ? answer.broken : 'The worker answers something else.');
  }

  async shrink(story: Story, check: Finding['check']): Promise<WorldResult> {
    const answer = await this.ask({ shrink: story, check }, SHRINK_PATIENCE_MS);
    if ('shrunk' in answer) return answer.shrunk;
    throw new Error('broken' in answer ? answer.broken : 'The worker answers something else.');
  }

  close(): void {
    this.child?.disconnect();
    this.child = undefined;
  }

  private async ask(question: Question, patienceMs: number): Promise<Answer> {
    if ((this.worlds += 1) % WORLDS_PER_PROCESS === 0) this.close();
    const child = (this.child ??= await begun());
    return new Promise((resolve) => {
      const over = (answer: Answer): void => {
        clearTimeout(timer);
        child.removeAllListeners('message').removeAllListeners('exit');
        resolve(answer);
      };
      const lose = (why: string): void => {
        this.child = undefined;
        child.kill('SIGKILL');
        over({ broken: why });
      };
      const timer = setTimeout(() => lose(`no end within ${patienceMs / 1_000} s`), patienceMs);
      child.once('message', (answer: Answer) => over(answer));
      child.once('exit', (code) => lose(`its process ended with code ${code}`));
      child.send(question);
    });
  }
}

async function begun(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('../../dist/run/workerMain.js', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, YOUNG_OBJECTS],
    env: { ...process.env, ...ONE_THREAD },
  });
  await new Promise<void>((resolve, reject) => {
    child.once('message', () => resolve());
    child.once('exit', (code) => reject(new Error(`The worker ended with code ${code} before it began.`)));
  });
  child.removeAllListeners('exit');
  return child;
}
