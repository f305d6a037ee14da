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
  simulator = await startSimulator({ orgs: [{ id: 201, name: 'Source' }] });
  folder = await mkdtemp(join(tmpdir(), 'live-to-file-'));
  await mkdir(join(folder, 'files'));
}, 60_000);
afterAll(async () => {
  program?.kill('SIGKILL');
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

it('loads what is there, follows what changes, and ends in good order', async () => {
  const org = simulator.org(201);
  const old = org.createIncident({ name: 'There before', discovered_date: 1 });
  org.addNote({ incidentId: old.id }, 'An old note');

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
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise((resolve) => program?.once('close', resolve));
  let log = '';
  program.stdout?.on('data', (text: Buffer) => (log += text.toString()));

  await until(() => log.includes('host.ready') && log.includes('reload.finished'));
  expect((await names()).map((name) => name.replace(/\d+/g, 'N')).sort()).toEqual([
    'incident_N.json',
    'incident_N_note_N.json',
  ]);

  const fresh = org.createIncident({ name: 'Just now', discovered_date: 1, severity_code: 'High' });
  await until(async () => (await names()).includes(`incident_${fresh.id}.json`));
  expect(await row(`incident_${fresh.id}.json`)).toMatchObject({ name: 'Just now', severity_code: 'High' });

  org.updateIncident(old.id, { name: 'Changed' });
  await until(async () => (await row(`incident_${old.id}.json`))['name'] === 'Changed');

  program.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(log).not.toContain('secret-201');
}, 90_000);

const names = () => readdir(join(folder, 'files'));

async function row(name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, 'files', name), 'utf8')) as Record<string, unknown>;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`It did not come: ${holds.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
