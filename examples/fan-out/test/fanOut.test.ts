import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Receiver } from '../../custom-target/test/Receiver.js';
import { FanOut } from './FanOut.js';
import { rowsOf } from './destinations/rowsOf.js';

const workspaces = ['Default workspace', 'Legal', 'Nobody'];
const source = { id: 201, name: 'Source', workspaces, incidentDeletionAllowed: true };
const target = { id: 202, name: 'Target', feedQueue: false as const, incidentDeletionAllowed: true };

let folder: string;
let receiver: Receiver;
let run: FanOut;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fan-out-'));
  receiver = await Receiver.start();
  run = await FanOut.start({ folder, source, target, webhookUrl: receiver.url });
}, 60_000);
afterAll(async () => {
  await run.stop();
  await receiver.stop();
  await rm(folder, { recursive: true, force: true });
});

it('gives each feed the workspaces that are its own', async () => {
  const { source: org, simulator } = run;
  await run.run();
  const incidentIn = (workspace: string): number =>
    org.createIncident({ name: `Of ${workspace}`, discovered_date: 1, workspace }).id;
  const [common, legal] = [incidentIn('Default workspace'), incidentIn('Legal')];
  incidentIn('Nobody');
  org.addNote({ incidentId: legal }, 'Privileged');
  await run.answered();

  const incidentFiles = (await readdir(join(folder, 'archive'))).filter((name) => !name.includes('note')).sort();
  expect(incidentFiles).toEqual([`incident_${common}.json`, `incident_${legal}.json`]);
  expect((await rowsOf(folder, 'incident')).map(({ id }) => id)).toEqual([common, legal]);
  expect((await rowsOf(folder, 'note')).map(({ inc_id }) => inc_id)).toEqual([legal]);
  expect(receiver.objects.filter(({ type }) => type === 'incident').map(({ id }) => id)).toEqual([common]);
  expect(
    simulator
      .org(202)
      .incidents()
      .map(({ name }) => name),
  ).toEqual(['Of Default workspace']);

  // The delete goes to the feeds of its workspace, and each does what its own section says.
  org.deleteIncident(legal);
  org.deleteIncident(common);
  await run.answered();
  expect(await rowsOf(folder, 'incident')).toEqual([]);
  expect(receiver.objects).toEqual([]);
  expect(simulator.org(202).incidents()).toEqual([]);
  const kept = JSON.parse(await readFile(join(folder, 'archive', `incident_${legal}.json`), 'utf8')) as object;
  expect(kept).toMatchObject({ name: 'Of Legal', soar_feed_deleted: true });

  expect(await run.end()).toBe(0);
  expect(run.log).toMatch(/archive: \d+ delivered, 0 parked\nnotify: \d+ delivered, 0 parked\n/);
  expect(run.log).not.toMatch(/top-secret|secret-20\d/);
}, 120_000);
