import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startSimulator } from '@soar-feed/soar-simulator';
import type { Simulator } from '@soar-feed/soar-simulator';

const EXAMPLE = fileURLToPath(new URL('..', import.meta.url));

let simulator: Simulator;
let folder: string;
let program: ChildProcess | undefined;
beforeAll(async () => {
  const workspaces = ['Default workspace', 'Legal', 'Nobody'];
  simulator = await startSimulator({ orgs: [{ id: 201, name: 'Source', workspaces, incidentDeletionAllowed: true }] });
  folder = await mkdtemp(join(tmpdir(), 'fan-out-'));
  await mkdir(join(folder, 'archive'));
  await mkdir(join(folder, 'legal'));
}, 60_000);
afterAll(async () => {
  program?.kill('SIGKILL');
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

it('gives each feed the workspaces that are its own', async () => {
  const org = simulator.org(201);
  program = spawn(process.execPath, [join(EXAMPLE, 'dist', 'main.js'), join(EXAMPLE, 'app.config')], {
    env: {
      ...process.env,
      SOAR_HOST: simulator.host,
      SOAR_PORT: String(simulator.restPort),
      SOAR_STOMP_PORT: String(simulator.stompPort),
      SOAR_ORG: 'Source',
      SOAR_KEY_ID: 'key-201',
      SOAR_KEY_SECRET: 'secret-201',
      SOAR_CAFILE: simulator.caFile,
      FEED_FOLDER: folder,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => program?.once('close', resolve));
  let log = '';
  for (const stream of [program.stdout, program.stderr]) stream?.on('data', (text: Buffer) => (log += text.toString()));
  await until(() => log.includes('host.ready'));

  // The platform gets the answer to a message once all its feeds have the change.
  const answered = () => Promise.all(org.invocations().map(({ done }) => done));
  const incidentIn = (workspace: string): number =>
    org.createIncident({ name: `Of ${workspace}`, discovered_date: 1, workspace }).id;
  const [common, legal] = [incidentIn('Default workspace'), incidentIn('Legal')];
  incidentIn('Nobody');
  org.addNote({ incidentId: legal }, 'Privileged');
  await answered();
  expect((await names('legal')).filter((name) => !name.includes('note'))).toEqual([`incident_${legal}.json`]);
  expect((await names('archive')).filter((name) => !name.includes('note'))).toEqual([
    `incident_${common}.json`,
    `incident_${legal}.json`,
  ]);
  expect(await names('legal')).toHaveLength(2);

  // The delete goes to both feeds, and each does what its own section says.
  org.deleteIncident(legal);
  await answered();
  expect(await names('legal')).toEqual([]);
  const kept = JSON.parse(await readFile(join(folder, 'archive', `incident_${legal}.json`), 'utf8')) as object;
  expect(kept).toMatchObject({ name: 'Of Legal', soar_feed_deleted: true });

  program.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(log).toMatch(/archive: 4 delivered, 0 parked\nlegal_desk: 3 delivered, 0 parked\n/);
}, 90_000);

async function names(feed: 'archive' | 'legal'): Promise<string[]> {
  return (await readdir(join(folder, feed))).sort();
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`It did not come: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
