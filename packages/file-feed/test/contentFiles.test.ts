import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { rawValues, validateSection } from '@soar-feed/core';
import type { DeliverContext } from '@soar-feed/core';
import { aDelete, anAttachment, anIncident, aTask, recordingLogger } from '@soar-feed/feed-testkit';
import { FileFeed, fileFeedConfig } from '../src/index.js';

const CONTEXT: DeliverContext = { signal: new AbortController().signal, attempt: 1, log: recordingLogger() };

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-feed-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

function feed(section: Readonly<Record<string, string>> = {}): FileFeed {
  const result = validateSection('file_feed', rawValues({ directory, content: 'files', ...section }), fileFeedConfig);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return new FileFeed(result.value);
}

const file = (name: string, bytes = 'Hello') =>
  anAttachment({ payload: { name, size: bytes.length }, open: async () => Readable.from([Buffer.from(bytes)]) });
const names = async (folder = '') => (await readdir(join(directory, folder))).sort();

it('writes the bytes as a file beside, which the object’s file names; nobody else may read it', async () => {
  await feed().deliver(file('mail.eml'), CONTEXT);
  expect(await names()).toEqual(['incident_2100_attachment_750.content_mail.eml', 'incident_2100_attachment_750.json']);
  const row = JSON.parse(await readFile(join(directory, 'incident_2100_attachment_750.json'), 'utf8')) as object;
  expect(row).toMatchObject({ content: null, content_file: 'incident_2100_attachment_750.content_mail.eml' });
  const bytes = join(directory, 'incident_2100_attachment_750.content_mail.eml');
  expect(await readFile(bytes, 'utf8')).toBe('Hello');
  expect((await stat(bytes)).mode & 0o777).toBe(0o600);
});

it.each([
  '../../etc/passwd',
  '/etc/passwd',
  '..',
  'a\0b',
  'con\nfig',
  `${'x'.repeat(400)}.pdf`,
  '.hidden',
  'größe 😀.txt',
])('keeps a file in the folder, whatever its name: %j', async (name) => {
  await feed().deliver(file(name), CONTEXT);
  const [content = '', json] = await names();
  expect(json).toBe('incident_2100_attachment_750.json');
  expect(content).toMatch(/^incident_2100_attachment_750\.content_[\w.-]{1,80}$/);
  expect(await readFile(join(directory, content), 'utf8')).toBe('Hello');
});

it('does not download again what is there, and does where it is gone', async () => {
  const target = feed();
  await target.deliver(file('a.txt'), CONTEXT);
  expect(await target.deliver(file('a.txt'), CONTEXT)).toMatchObject({ change: 'unchanged' });
  await rm(join(directory, 'incident_2100_attachment_750.content_a.txt'));
  expect(await target.deliver(file('a.txt'), CONTEXT)).toMatchObject({ change: 'updated' });
  expect(await names()).toHaveLength(2);
});

it('removes the file of the name before when an attachment is renamed', async () => {
  const target = feed();
  await target.deliver(file('before.txt'), CONTEXT);
  await target.deliver(file('after.txt'), CONTEXT);
  expect((await names())[0]).toBe('incident_2100_attachment_750.content_after.txt');
  expect(await names()).toHaveLength(2);
});

it('removes the bytes with the object, and with its incident', async () => {
  const target = feed();
  for (const gone of [aDelete(file('a.txt')), aDelete(anIncident())]) {
    await target.deliver(anIncident(), CONTEXT);
    await target.deliver(file('a.txt'), CONTEXT);
    await target.deliver(gone, CONTEXT);
  }
  expect(await names()).toEqual([]);
});

it('keeps each incident in a folder of its own with layout=incident, and removes the folder with it', async () => {
  const target = feed({ layout: 'incident' });
  await target.deliver(anIncident(), CONTEXT);
  await target.deliver(aTask(), CONTEXT);
  await target.deliver(file('a.txt'), CONTEXT);
  await target.deliver(anIncident({ incidentId: 7 }), CONTEXT);
  expect(await names()).toEqual(['incident_2100', 'incident_7']);
  expect(await names('incident_2100')).toEqual([
    'incident_2100.json',
    'incident_2100_attachment_750.content_a.txt',
    'incident_2100_attachment_750.json',
    'incident_2100_task_310.json',
  ]);
  expect((await stat(join(directory, 'incident_7'))).mode & 0o777).toBe(0o700);
  await target.deliver(aDelete(anIncident()), CONTEXT);
  expect(await names()).toEqual(['incident_7']);
});
