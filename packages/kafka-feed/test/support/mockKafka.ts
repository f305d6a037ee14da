import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { promisify } from 'node:util';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';

const run = promisify(execFile);
const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** Why the tests with librdkafka's mock brokers cannot run here. */
export const MISSING_LIBRDKAFKA = existsSync('/usr/include/librdkafka/rdkafka_mock.h')
  ? undefined
  : 'librdkafka is not installed: apt-get install librdkafka-dev gcc';

/** The programs of the fixtures, compiled. */
export class Programs {
  private constructor(private readonly folder: TempFolder) {}

  static async compile(): Promise<Programs> {
    const folder = await tempFolder();
    for (const name of ['mockCluster', 'readTopic']) {
      // -rdynamic: the library must find our `bind` before the system's.
      await run('cc', ['-O1', '-rdynamic', '-o', folder.file(name), join(FIXTURES, `${name}.c`), '-lrdkafka']);
    }
    return new Programs(folder);
  }

  path(name: 'mockCluster' | 'readTopic'): string {
    return this.folder.file(name);
  }

  async remove(): Promise<void> {
    await this.folder.remove();
  }
}

/** A cluster of librdkafka's mock brokers, in a process of its own; its messages are gone with the process. */
export class MockKafka {
  private child: ChildProcess | undefined;
  private answers: Interface | undefined;

  private constructor(
    private readonly program: string,
    private readonly ports: readonly number[],
  ) {}

  static async start(programs: Programs, brokers = 1): Promise<MockKafka> {
    const ports: number[] = [];
    for (let at = 0; at < brokers; at += 1) ports.push(await freePort());
    const cluster = new MockKafka(programs.path('mockCluster'), ports);
    await cluster.start();
    return cluster;
  }

  get bootstrap(): string {
    return this.ports.map((port) => `127.0.0.1:${port}`).join(',');
  }

  async start(): Promise<void> {
    const child = spawn(this.program, this.ports.map(String), { stdio: ['pipe', 'pipe', 'ignore'] });
    this.child = child;
    this.answers = createInterface({ input: child.stdout });
    await once(this.answers, 'line');
  }

  /** Ends it as a crash does. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async makeTopic(name: string, partitions: number): Promise<void> {
    await this.tell(`topic ${name} ${partitions}`);
  }

  /** Answers the next requests to store messages with an error of the protocol. */
  async refuseMessages(code: number, count: number): Promise<void> {
    await this.tell(`refuse 0 ${code} ${count}`);
  }

  async acceptMessages(): Promise<void> {
    await this.tell('accept 0');
  }

  /** Answers questions about the topic with an error of the protocol; 0 ends that. */
  async refuseTopic(name: string, code: number): Promise<void> {
    await this.tell(`missing ${name} ${code}`);
  }

  private async tell(command: string): Promise<void> {
    if (this.child?.stdin == null || this.answers === undefined) throw new Error('The mock cluster does not run.');
    const answer = once(this.answers, 'line');
    this.child.stdin.write(`${command}\n`);
    const [line] = (await answer) as [string];
    if (line !== 'ok') throw new Error(`The mock cluster answered "${line}" to "${command}".`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
