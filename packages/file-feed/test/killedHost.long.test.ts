import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { runKillableHost, tempFolder } from '@soar-feed/feed-testkit';
import type { KillableHost, TempFolder } from '@soar-feed/feed-testkit';

const INCIDENTS = 30;

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

const out = (name = ''): string => join(folder.file('out'), name);

async function start(section: Readonly<Record<string, string>>): Promise<KillableHost['org']> {
  run = await runKillableHost({
    feeds: { files: { class: 'file', directory: out(), ...section } },
    targetPackages: ['./packages/file-feed'],
    settings: { include_attachment_data: true },
  });
  return run.org;
}

/** Incidents with a file each; the first ones are changed, and one is deleted. */
function work(org: KillableHost['org']): void {
  for (let count = 1; count <= INCIDENTS; count += 1) {
    const { id } = org.createIncident({ name: `No. ${count}`, discovered_date: 1 });
    org.addAttachment({ incidentId: id }, { name: `${count}.txt`, content: Buffer.from(`bytes of ${count}`) });
  }
  const [first, second] = org.incidentIds();
  org.updateIncident(second as number, { name: 'Renamed' });
  org.deleteIncident(first as number);
}

/** kill -9 whenever `seen` has grown by a few, then a last start. */
async function killTwice(seen: () => Promise<number>): Promise<void> {
  for (const more of [3, 10]) {
    const wanted = (await seen()) + more;
    while ((await seen()) < wanted) await new Promise((resolve) => setTimeout(resolve, 1));
    await run?.kill();
    await run?.start();
  }
  await run?.settled(120_000);
}

it('leaves files and bytes equal to the source when the host is killed (-9) at work', async () => {
  const org = await start({ content: 'files' });
  work(org);
  await killTwice(async () => (await readdir(out())).filter((name) => name.endsWith('.json')).length);

  const names = (await readdir(out())).filter((name) => !name.startsWith('.'));
  const read = async (name: string) => JSON.parse(await readFile(out(name), 'utf8')) as Record<string, unknown>;
  const rows = await Promise.all(names.filter((name) => /^incident_\d+\.json$/.test(name)).map(read));
  const named = org.incidents().map(({ id, name }) => [id, name]);
  expect(rows.map(({ id, name }) => [id, name]).sort()).toEqual(named.sort());
  const files = await Promise.all(names.filter((name) => /_attachment_\d+\.json$/.test(name)).map(read));
  expect(files).toHaveLength(INCIDENTS - 1);
  for (const { name, content_file: file } of files) {
    expect(await readFile(out(String(file)), 'utf8')).toBe(`bytes of ${String(name).replace('.txt', '')}`);
    expect((await stat(out(String(file)))).mode & 0o777).toBe(0o600);
  }
  // Nothing is left of what is gone.
  expect(names).toHaveLength(rows.length + 2 * files.length);
});

it('leaves whole lines, the last of each object equal to the source, when the host is killed (-9) at work', async () => {
  const org = await start({ format: 'ndjson', content: 'base64' });
  const text = (): Promise<string> => readFile(out('soar.ndjson'), 'utf8').catch(() => '');
  work(org);
  await killTwice(async () => (await text()).split('\n').length);

  const lines = (await text()).split('\n');
  expect(lines.pop()).toBe('');
  type Line = { operation: string; inc_id: number; type: string; id: number; data: Record<string, unknown> | null };
  const newest = new Map<string, Line>();
  for (const line of lines.map((one) => JSON.parse(one) as Line)) {
    newest.set(`${line.type} ${line.id}`, line);
    if (line.operation !== 'delete') continue;
    for (const [key, { inc_id }] of newest) if (inc_id === line.inc_id) newest.delete(key);
  }
  const incidents = [...newest.values()].filter(({ type }) => type === 'incident');
  const named = org.incidents().map(({ id, name }) => [id, name]);
  expect(incidents.map(({ id, data }) => [id, data?.['name']]).sort()).toEqual(named.sort());
  const files = [...newest.values()].filter(({ type }) => type === 'attachment');
  expect(files).toHaveLength(INCIDENTS - 1);
  for (const { data } of files) {
    const bytes = Buffer.from(String(data?.['content']), 'base64').toString();
    expect(bytes).toBe(`bytes of ${String(data?.['name']).replace('.txt', '')}`);
  }
});
