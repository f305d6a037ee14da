import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runKillableHost, tempFolder } from '@soar-feed/feed-testkit';
import type { KillableHost, TempFolder } from '@soar-feed/feed-testkit';

let folder: TempFolder;
let run: KillableHost | undefined;
beforeEach(async () => {
  folder = await tempFolder();
  await mkdir(folder.file('out'));
});
afterEach(async () => {
  await run?.stop();
  run = undefined;
  await folder.remove();
});

it('leaves the destination equal to the source when the host is killed at work, and started again', async () => {
  run = await runKillableHost({
    feeds: { files: { class: 'file', directory: folder.file('out') } },
    targetPackages: ['./packages/file-feed'],
  });
  const { org } = run;
  const written = async (): Promise<string[]> =>
    (await readdir(folder.file('out'))).filter((name) => /^incident_\d+\.json$/.test(name));
  for (let count = 1; count <= 40; count += 1) org.createIncident({ name: `No. ${count}`, discovered_date: 1 });
  // In the middle: some are there, others are not.
  while ((await written()).length < 3) await new Promise((resolve) => setTimeout(resolve, 1));
  await run.kill();
  await expect(run.settled(500)).rejects.toThrow();

  await run.start();
  await run.settled(60_000);
  const names = await Promise.all(
    (await written()).map(async (name) => {
      return (JSON.parse(await readFile(join(folder.file('out'), name), 'utf8')) as { name: string }).name;
    }),
  );
  expect(names.sort()).toEqual(
    org
      .incidents()
      .map(({ name }) => name)
      .sort(),
  );
  expect(await run.reload()).toMatchObject({ incidents: 40, feeds: { files: { unchanged: 40 } } });
});

it('says why a host does not start', async () => {
  const wrong = runKillableHost({ feeds: { files: { class: 'nobody' } }, targetPackages: [] });
  await expect(wrong).rejects.toThrow(/ended before it was ready:[\s\S]*no installed package offers class nobody/);
});
