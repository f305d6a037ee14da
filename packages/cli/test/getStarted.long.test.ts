import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { StatusReport } from '@soar-feed/core/runtime';
import { differences } from '@soar-feed/soar-simulator';
import { Site } from './helpers/Site.js';
import { until } from './helpers/until.js';

jest.setTimeout(240_000);

const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
/** Commands that stay until they are stopped, and the words by which they are ready. */
const STAY: Readonly<Record<string, string>> = { 'soar-simulator': 'REST ', 'soar-feed run': 'host.ready' };

interface Block {
  readonly kind: 'sh' | 'ini';
  readonly text: string;
}

interface Ran {
  readonly command: string;
  readonly code: number | null;
  readonly output: string;
}

/** The page's commands and files, in order. Its installation is not repeated: the workspace stands for it. */
function blocks(page: string): readonly Block[] {
  return [...page.matchAll(/^```(sh|ini)\n(.*?)^```$/gms)].map(([, kind, text]) => ({
    kind: kind === 'ini' ? 'ini' : 'sh',
    text: text ?? '',
  }));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('docs/get-started.md', () => {
  const site = new Site();
  const ran: Ran[] = [];
  const staying: { readonly child: ChildProcess; readonly output: () => string }[] = [];
  let ports: Readonly<Record<string, number>>;

  beforeAll(async () => {
    // The page uses the simulator's default ports, which may be in use here.
    ports = { '8443': await freePort(), '65001': await freePort() };
    for (const [name, folder] of [
      ['soar-feed', 'cli'],
      ['soar-simulator', 'soar-simulator'],
    ]) {
      const more = name === 'soar-simulator' ? ` --rest-port ${ports['8443']} --stomp-port ${ports['65001']}` : '';
      const script = `#!/bin/sh\nexec ${process.execPath} ${REPOSITORY}packages/${folder}/bin/${name}.js "$@"${more}\n`;
      site.write(`bin/${name}`, script);
      chmodSync(site.path(`bin/${name}`), 0o755);
    }
    site.makeFolder('work');
    for (const block of blocks(readFileSync(`${REPOSITORY}docs/get-started.md`, 'utf8'))) await carryOut(block);
  });
  afterAll(() => {
    for (const { child } of staying) child.kill('SIGKILL');
    site.remove();
  });

  async function carryOut({ kind, text }: Block): Promise<void> {
    if (kind === 'sh') {
      for (const command of text.split('\n').filter((line) => line !== '')) await run(command);
      return;
    }
    const here = Object.entries(ports).reduce((all, [from, to]) => all.replaceAll(`port=${from}`, `port=${to}`), text);
    site.write('work/app.config', here);
  }

  async function run(command: string): Promise<void> {
    const env = { PATH: `${site.path('bin')}:${process.env['PATH'] ?? ''}`, HOME: site.folder };
    const child = spawn('/bin/sh', ['-c', `exec ${command}`], { cwd: site.path('work'), env });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (more: string) => (output += more));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [, ready] = Object.entries(STAY).find(([start]) => command.startsWith(start)) ?? [];
    if (ready === undefined) {
      ran.push({ command, code: await ended, output });
      return;
    }
    staying.push({ child, output: () => output });
    let isOver = false;
    void ended.then(() => (isOver = true));
    await until(() => isOver || output.includes(ready), command, 60_000);
    if (isOver) throw new Error(`${command} ended:\n${output}`);
  }

  const outputOf = (command: string): readonly Ran[] => ran.filter((each) => each.command.startsWith(command));

  it('has no command that fails, except the one that is said to find something', () => {
    expect(ran.map(({ command, code }) => `${command}: ${code}`)).toEqual([
      'soar-feed customize --yes: 0',
      'soar-feed doctor --export lacks.res: 63',
      'soar-feed customize --target mirror --yes: 0',
      'soar-feed customize --target mirror --import lacks.res --yes: 0',
      'soar-feed check: 0',
      'soar-feed plan 2001: 0',
      'soar-feed reload: 0',
      'soar-feed verify: 0',
    ]);
  });

  it('takes less than five minutes to read and type', () => {
    const [steps = ''] = readFileSync(`${REPOSITORY}docs/get-started.md`, 'utf8').split('## With your organization');
    const words = steps.replace(/^```.*?^```$/gms, '').split(/\s+/).length;
    const typed = blocks(steps).reduce((sum, { kind, text }) => sum + (kind === 'sh' ? text.length : 0), 0);
    // 240 words a minute to read, 200 letters a minute to type; the file is copied.
    expect(words / 240 + typed / 200).toBeLessThan(5);
  });

  it('starts two organizations that differ in twenty ways, and the doctor names each', () => {
    const [simulator] = staying;
    const says = differences.map((one, at) => `  ${at + 1}. ${one.says}`);
    expect(says).toHaveLength(20);
    expect(simulator?.output()).toContain(`differs from Source Organization in 20 ways:\n${says.join('\n')}\n`);
    const doctor = outputOf('soar-feed doctor')[0]?.output ?? '';
    // Wrapped lines break names.
    const words = doctor.replace(/\s+/g, ' ');
    expect(differences.filter(({ of }) => !of.every((word) => words.includes(word))).map(({ name }) => name)).toEqual(
      [],
    );
  });

  it('makes the rules, finds what the target lacks, plans, loads, and ends equal', () => {
    expect(outputOf('soar-feed customize --yes')[0]?.output).toMatch(/Done: (\d+) of \1\./);
    expect(outputOf('soar-feed doctor')[0]?.output).toMatch(/lacks\.res is written/);
    expect(outputOf('soar-feed check')[0]?.output).toMatch(/^Ready to run/m);
    expect(outputOf('soar-feed plan')[0]?.output).toMatch(/^Feed mirror \(resilient\): \d+ requests; \d+ created$/m);
    expect(outputOf('soar-feed plan')[0]?.output).toContain('POST /rest/orgs/202/incidents?');
    expect(outputOf('soar-feed reload')[0]?.output).toMatch(/20/);
    // Feed, equal, differs, missing, extra, parked, left out.
    expect(outputOf('soar-feed verify')[0]?.output).toMatch(/^mirror +\d+ +0 +0 +0 +0 +\d+$/m);
    expect(readdirSync(site.path('work'))).toEqual(expect.arrayContaining(['mirror.db', 'lacks.res', 'certs']));
  });

  it('follows the changes of the source', async () => {
    const host = staying.at(-1)?.child;
    const before = await delivered();
    while ((await delivered()) === before) expect(host?.exitCode).toBeNull();
    host?.kill('SIGTERM');
    await until(() => host?.exitCode !== null, 'the host stops');
    expect(host?.exitCode).toBe(0);
  });

  async function delivered(): Promise<number | undefined> {
    await run('soar-feed status --json');
    const { feeds } = JSON.parse(ran.pop()?.output ?? '') as StatusReport;
    return feeds[0]?.totals?.delivered;
  }
});
