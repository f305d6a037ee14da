import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runHost, tempFolder } from '@soar-feed/feed-testkit';
import type { RunningHost, TempFolder } from '@soar-feed/feed-testkit';

let folder: TempFolder;
let running: RunningHost | undefined;
beforeEach(async () => {
  folder = await tempFolder();
  await mkdir(folder.file('out'));
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await folder.remove();
});

const start = async (): Promise<RunningHost> => {
  running = await runHost({
    feeds: { files: { class: 'file', directory: folder.file('out') } },
    targetPackages: ['./packages/file-feed'],
  });
  return running;
};
const incidents = async (): Promise<string[]> =>
  (await readdir(folder.file('out'))).filter((name) => /^incident_\d+\.json$/.test(name)).sort();
const nameOf = async (id: number): Promise<unknown> =>
  (JSON.parse(await readFile(join(folder.file('out'), `incident_${id}.json`), 'utf8')) as { name: unknown }).name;

it('loads what is there, follows what changes, and brings what came in an outage', async () => {
  const run = await start();
  const { org } = run;
  org.setRules(false);
  const before = org.createIncident({ name: 'There before', discovered_date: 1 });
  org.setRules(true);
  expect(await run.reload()).toMatchObject({ incidents: 1, faults: [] });
  expect(await incidents()).toEqual([`incident_${before.id}.json`]);

  const live = org.createIncident({ name: 'Live', discovered_date: 1 });
  await run.settled();
  expect(await nameOf(live.id)).toBe('Live');

  await rename(folder.file('out'), folder.file('away'));
  org.updateIncident(live.id, { name: 'Changed in the outage' });
  await expect(run.settled(2_000)).rejects.toThrow(/not settled after 2000 ms: [\s\S]*name: 'files'/);
  await rename(folder.file('away'), folder.file('out'));
  await run.settled();
  expect(await nameOf(live.id)).toBe('Changed in the outage');
});

it('keeps its state over a restart', async () => {
  const run = await start();
  await rename(folder.file('out'), folder.file('away'));
  const { id } = run.org.createIncident({ name: 'Never seen', discovered_date: 1 });
  await expect(run.settled(1_500)).rejects.toThrow('not settled');
  await run.host.stop();
  expect(() => run.feed('nobody')).toThrow('There is no feed nobody.');
  await rename(folder.file('away'), folder.file('out'));
  await run.restart();
  await run.settled();
  expect(await nameOf(id)).toBe('Never seen');
});

it('says what failed for ever, and what is wrong with a section', async () => {
  const run = await start();
  const { id } = run.org.createIncident({ name: 'Refused', discovered_date: 1 });
  await run.settled();
  await rm(join(folder.file('out'), `incident_${id}.json`));
  // A folder stands where its file should be.
  await mkdir(join(folder.file('out'), `incident_${id}.json`));
  run.org.updateIncident(id, { name: 'Refused again' });
  await expect(run.settled()).rejects.toThrow(/failed for ever: [\s\S]*failed: 1/);

  const wrong = runHost({
    feeds: { files: { class: 'file', file_mode: 9 } },
    targetPackages: ['./packages/file-feed'],
  });
  await expect(wrong).rejects.toThrow(/file_mode/);
  const broken = runHost({ feeds: { files: { class: 'file\nsecret=1' } } });
  await expect(broken).rejects.toThrow('[files] class has a line break.');
});
