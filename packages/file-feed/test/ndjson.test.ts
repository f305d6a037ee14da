import { appendFile, mkdtemp, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { rawValues, validateSection } from '@soar-feed/core';
import type { DeliverContext } from '@soar-feed/core';
import { aDelete, anAttachment, anIncident, aTask, recordingLogger } from '@soar-feed/feed-testkit';
import { fileFeedConfig, NdjsonFeed } from '../src/index.js';

const signal = new AbortController().signal;
const log = recordingLogger();
const CONTEXT: DeliverContext = { signal, attempt: 1, log };

let directory: string;
let feed: NdjsonFeed | undefined;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-feed-'));
});
afterEach(async () => {
  await feed?.close();
  await rm(directory, { recursive: true, force: true });
});

const parse = (section: Readonly<Record<string, string>>) =>
  validateSection('file_feed', rawValues({ directory, format: 'ndjson', ...section }), fileFeedConfig);

async function opened(section: Readonly<Record<string, string>> = {}): Promise<NdjsonFeed> {
  const result = parse(section);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  feed = new NdjsonFeed(result.value, log);
  await feed.open({ signal });
  return feed;
}

const active = () => join(directory, 'soar.ndjson');
const linesOf = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const idsIn = (text: string) => linesOf(text).map((line) => line['inc_id']);
const incident = (incidentId: number) => anIncident({ incidentId });

it('appends a line for each change, a delete among them', async () => {
  const target = await opened();
  await target.deliverBatch([aTask({ payload: { name: 'one\ntwo' } }), aDelete(aTask())], CONTEXT);
  const text = await readFile(active(), 'utf8');
  expect(linesOf(text)).toEqual([
    {
      ...{ operation: 'upsert', org: 201, inc_id: 2100, type: 'task', id: 310, workspace: 'Default workspace' },
      observed_at: '2023-11-14T22:13:20.000Z',
      data: { name: 'one\ntwo', status: 'Open', id: 310, inc_id: 2100 },
    },
    expect.objectContaining({ operation: 'delete', id: 310, data: null }),
  ]);
  expect((await stat(active())).mode & 0o777).toBe(0o600);
});

it('cuts a torn last line off at the start, and goes on behind the last whole one', async () => {
  await (await opened()).deliver(incident(1), CONTEXT);
  await feed?.close();
  await appendFile(active(), `{"operation":"upsert","name":"${'x'.repeat(200_000)}`);
  await (await opened()).deliver(incident(2), CONTEXT);
  expect(idsIn(await readFile(active(), 'utf8'))).toEqual([1, 2]);
});

it('begins with an empty file where even the first line is torn', async () => {
  await writeFile(active(), '{"torn');
  await (await opened()).deliver(incident(1), CONTEXT);
  expect(idsIn(await readFile(active(), 'utf8'))).toEqual([1]);
});

it('closes a file that would grow too large, loses no line, and compresses it', async () => {
  const target = await opened({ rotate_size: '2KB', compress: 'gzip' });
  for (let at = 1; at <= 30; at += 1) await target.deliver(incident(at), CONTEXT);
  await target.close();
  const names = (await readdir(directory)).sort();
  const closed = names.filter((name) => name.endsWith('.gz'));
  expect(closed.length).toBeGreaterThan(3);
  expect(names.filter((name) => !name.endsWith('.gz'))).toEqual(['soar.ndjson']);
  const texts = await Promise.all(
    closed.map(async (name) => gunzipSync(await readFile(join(directory, name))).toString()),
  );
  for (const text of texts) expect(text.length).toBeLessThan(2_048);
  const ids = [...texts.flatMap(idsIn), ...idsIn(await readFile(active(), 'utf8'))];
  expect(ids).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
  expect((await stat(join(directory, closed[0] as string))).mode & 0o777).toBe(0o600);
});

it('closes the file of another day, and puts it into the folder of that day', async () => {
  await (await opened({ partition: 'day' })).deliver(incident(1), CONTEXT);
  await feed?.close();
  const yesterday = new Date(Date.now() - 86_400_000);
  await utimes(active(), yesterday, yesterday);
  await (await opened({ partition: 'day' })).deliver(incident(2), CONTEXT);
  const folder = `date=${yesterday.toISOString().slice(0, 10)}`;
  const [closed = ''] = await readdir(join(directory, folder));
  expect(idsIn(await readFile(join(directory, folder, closed), 'utf8'))).toEqual([1]);
  expect(idsIn(await readFile(active(), 'utf8'))).toEqual([2]);
  expect((await stat(join(directory, folder))).mode & 0o777).toBe(0o700);
});

it('finishes at the start what a killed process left half compressed', async () => {
  const name = 'soar-20260101T000000Z-0001.ndjson';
  await writeFile(join(directory, name), '{"inc_id":1}\n');
  await writeFile(join(directory, `${name}.gz.tmp`), 'half');
  await opened({ compress: 'gzip' });
  await feed?.close();
  expect((await readdir(directory)).sort()).toEqual([`${name}.gz`, 'soar.ndjson']);
  expect(gunzipSync(await readFile(join(directory, `${name}.gz`))).toString()).toBe('{"inc_id":1}\n');
});

it('begins another file where somebody moved it away, as log tools do', async () => {
  const target = await opened();
  await target.deliver(incident(1), CONTEXT);
  await rename(active(), join(directory, 'taken.ndjson'));
  await target.deliver(incident(2), CONTEXT);
  expect(idsIn(await readFile(join(directory, 'taken.ndjson'), 'utf8'))).toEqual([1]);
  expect(idsIn(await readFile(active(), 'utf8'))).toEqual([2]);
});

it.each(['always', 'batch', 'never'])('writes every line with fsync=%s', async (fsync) => {
  const target = await opened({ fsync });
  await target.deliverBatch([incident(1), incident(2), incident(3)], CONTEXT);
  expect(idsIn(await readFile(active(), 'utf8'))).toEqual([1, 2, 3]);
});

it('refuses the one content that is too large; its neighbours are written', async () => {
  const target = await opened({ content: 'base64', max_content: '4' });
  const outcomes = await target.deliverBatch([incident(1), anAttachment(), incident(3)], CONTEXT);
  expect(outcomes.map(({ status }) => status)).toEqual(['delivered', 'failed', 'delivered']);
  expect(idsIn(await readFile(active(), 'utf8'))).toEqual([1, 3]);
});

it('refuses settings that do not go together, in one report', () => {
  const { issues } = parse({ layout: 'incident', content: 'files', partition: 'day', rotate_every: 'never' });
  expect(issues.map(({ key }) => key)).toEqual(['layout', 'content', 'rotate_every']);
});
