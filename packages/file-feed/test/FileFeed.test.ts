import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  FeedTokens,
  PermanentError,
  rawValues,
  toTypeSchema,
  UnavailableError,
  validateSection,
} from '@soar-feed/core';
import { Replies } from '@soar-feed/core';
import type { DeliverContext, FeedEvent, FeedTarget, ObjectKey, SourceOrg, TypeSchema } from '@soar-feed/core';
import { Container } from 'inversify';
import target, { FileFeed, fileFeedConfig } from '../src/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'file-feed-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const CONTEXT: DeliverContext = {
  signal: new AbortController().signal,
  attempt: 1,
  log: { debug() {}, info() {}, warn() {}, error() {}, child: () => CONTEXT.log },
};

function feed(settings: Record<string, string> = {}): FileFeed {
  const result = validateSection('file_feed', rawValues({ directory: folder, ...settings }), fileFeedConfig);
  if (!result.ok) throw new Error(JSON.stringify(result.issues));
  return new FileFeed(result.value);
}

function schema(type_name: string, fields: readonly string[]): TypeSchema {
  const described = fields.map((name, id) => ({
    id,
    name,
    input_type: name === 'task_id' ? 'number' : 'text',
    internal: true,
  }));
  return toTypeSchema({ id: 1, type_id: 1, type_name, fields: described });
}

interface Made {
  readonly incidentId?: number;
  readonly type?: string;
  readonly objectId?: number;
  readonly operation?: FeedEvent['operation'];
  readonly payload?: FeedEvent['payload'];
  readonly content?: FeedEvent['content'];
}

function event({
  incidentId = 12,
  type = 'incident',
  objectId = incidentId,
  operation = 'upsert',
  payload = {},
  content,
}: Made = {}): FeedEvent {
  const key: ObjectKey = { orgId: 201, incidentId, type, objectId };
  return {
    id: 'e',
    origin: 'queue',
    operation,
    key,
    workspace: 'W',
    observedAtMs: 0,
    payload,
    schema: schema(type, ['name', ...(type === 'note' || type === 'attachment' ? ['task_id'] : [])]),
    ...(content === undefined ? {} : { content }),
  };
}

const files = async () => (await readdir(folder)).sort();
const read = (name: string) => readFile(join(folder, name), 'utf8');

describe('FileFeed', () => {
  it('writes IBM’s form under IBM’s names: created, unchanged, updated', async () => {
    const one = feed();
    await one.open(CONTEXT);
    const note = event({ type: 'note', objectId: 7, payload: { name: 'Ä 😀 "q"', task_id: 3 } });
    expect(await one.deliver(note, CONTEXT)).toEqual({
      status: 'delivered',
      change: 'created',
      ref: 'incident_12_note_7.json',
    });
    expect(await read('incident_12_note_7.json')).toBe(
      '{\n  "task_id": 3,\n  "name": "\\u00c4 \\ud83d\\ude00 \\"q\\"",\n  "id": 7,\n  "inc_id": 12\n}',
    );
    // Unchanged means that nothing was written: the file keeps a time that only a write would change.
    await utimes(join(folder, 'incident_12_note_7.json'), 1, 1);
    expect(await one.deliver(note, CONTEXT)).toMatchObject({ change: 'unchanged' });
    expect((await stat(join(folder, 'incident_12_note_7.json'))).mtimeMs).toBe(1000);
    const changed = { ...note, payload: { name: 'other', task_id: 3 } };
    expect(await one.deliver(changed, CONTEXT)).toMatchObject({ change: 'updated' });
    expect(JSON.parse(await read('incident_12_note_7.json'))).toMatchObject({ name: 'other' });
    expect(await one.deliver(event(), CONTEXT)).toMatchObject({ ref: 'incident_12.json' });
    expect(await files()).toEqual(['incident_12.json', 'incident_12_note_7.json']);
  });

  it('keeps odd type names inside the folder and apart', async () => {
    const one = feed();
    const long = ['x'.repeat(300), 'x'.repeat(301), '\u{1f600}'.repeat(200)];
    const dotted = ['../../etc/passwd', '..', '.', '', '/', 'C:\\x', 'con', 'CON.txt', '__proto__', 'constructor'];
    const odd = ['a/b', 'a b', 'a_b', 'nul\0', 'nul', 'line\n', 'line', 'tabelle_ä', '\ud800', ...dotted, ...long];
    for (const type of odd) await one.deliver(event({ type, objectId: 1, payload: { name: type } }), CONTEXT);
    const names = await files();
    expect(names).toHaveLength(odd.length);
    for (const name of names) {
      expect(name).toMatch(/^incident_12_\w+_1\.json$/);
      expect(Buffer.byteLength(name)).toBeLessThan(200);
    }
    // A name that equals what another name becomes does not lead to that one's file.
    const taken = names.find((name) => name.startsWith('incident_12_a_b_') && name !== 'incident_12_a_b_1.json') ?? '';
    await one.deliver(event({ type: taken.replace(/^incident_12_|_1\.json$/g, ''), objectId: 1 }), CONTEXT);
    expect(await files()).toHaveLength(odd.length + 1);
    expect(await readdir(tmpdir())).not.toContain('passwd_1.json');
  });

  it('removes the file with its object, and says so only once', async () => {
    const one = feed();
    await one.deliver(event({ type: 'artifact', objectId: 5 }), CONTEXT);
    const gone = event({ type: 'artifact', objectId: 5, operation: 'delete' });
    expect(await one.deliver(gone, CONTEXT)).toMatchObject({ status: 'delivered', change: 'deleted' });
    expect(await one.deliver(gone, CONTEXT)).toMatchObject({ status: 'delivered', change: 'unchanged' });
    expect(await files()).toEqual([]);
  });

  it('removes the replies that go with their note, as its message shows the thread', async () => {
    const one = feed();
    for (const objectId of [7, 8, 9, 10]) await one.deliver(event({ type: 'note', objectId }), CONTEXT);
    const payload = { id: 7, children: [{ id: 8, children: [{ id: 9, children: [] }] }, { id: 'x' }, null] };
    const gone = event({ type: 'note', objectId: 7, operation: 'delete', payload });
    expect(await one.deliver(gone, CONTEXT)).toMatchObject({ change: 'deleted' });
    expect(await files()).toEqual(['incident_12_note_10.json']);
  });

  it('leaves the replies that live on below a deleted note, as the source says', async () => {
    const asked: unknown[] = [];
    const fetch = async (key: { readonly objectId: number }, parent?: unknown) => {
      asked.push([key.objectId, parent]);
      return key.objectId === 8 ? { id: 8 } : undefined;
    };
    const one = new FileFeed(fileFeedConfig.parse({ directory: folder }), new Replies({ fetch }));
    for (const objectId of [7, 8, 9]) await one.deliver(event({ type: 'note', objectId }), CONTEXT);
    const payload = { id: 7, task_id: 3, children: [{ id: 8, children: [{ id: 9, children: [] }] }] };
    await one.deliver(event({ type: 'note', objectId: 7, operation: 'delete', payload }), CONTEXT);
    expect(await files()).toEqual(['incident_12_note_8.json']);
    const task = expect.objectContaining({ type: 'task', objectId: 3 });
    expect(asked).toEqual([
      [8, task],
      [9, task],
    ]);
  });

  it('tries a delete again when the source does not say which replies are gone', async () => {
    const fetch = () => Promise.reject(new Error('away'));
    const one = new FileFeed(fileFeedConfig.parse({ directory: folder }), new Replies({ fetch }));
    const payload = { id: 7, children: [{ id: 8, children: [] }] };
    const gone = event({ type: 'note', objectId: 7, operation: 'delete', payload });
    await expect(one.deliver(gone, CONTEXT)).rejects.toMatchObject({ kind: 'retryable', code: 'source-unread' });
  });

  async function fill(one: FeedTarget): Promise<void> {
    for (const incidentId of [1, 12, 123]) {
      await one.deliver(event({ incidentId }), CONTEXT);
      await one.deliver(event({ incidentId, type: 'task', objectId: 3 }), CONTEXT);
      await one.deliver(event({ incidentId, type: 'note', objectId: 7, payload: { task_id: 3 } }), CONTEXT);
      await one.deliver(event({ incidentId, type: 'note', objectId: 8, payload: { task_id: 4 } }), CONTEXT);
      await one.deliver(event({ incidentId, type: 'note', objectId: 9 }), CONTEXT);
      await one.deliver(event({ incidentId, type: 'attachment', objectId: 7, payload: { task_id: 3 } }), CONTEXT);
    }
    await writeFile(join(folder, 'incident_12.json.bak'), 'mine');
    await writeFile(join(folder, 'incident_12_note_99.json'), 'not JSON');
  }

  it('removes an incident with all that belongs to it, and nothing of another', async () => {
    const one = feed();
    await fill(one);
    await one.deliver(event({ operation: 'delete' }), CONTEXT);
    const left = await files();
    expect(left.filter((name) => name.startsWith('incident_12.') || name.startsWith('incident_12_'))).toEqual([
      'incident_12.json.bak',
    ]);
    expect(left).toHaveLength(2 * 6 + 1);
  });

  it('removes a task with its notes and attachments', async () => {
    const one = feed();
    await fill(one);
    const before = await files();
    await one.deliver(event({ type: 'task', objectId: 3, operation: 'delete' }), CONTEXT);
    const left = await files();
    expect(before.filter((name) => !left.includes(name))).toEqual([
      'incident_12_attachment_7.json',
      'incident_12_note_7.json',
      'incident_12_task_3.json',
    ]);
  });

  it('leaves a row whose table is called like a note and has a column task_id', async () => {
    const one = feed();
    const row = { name: 'kept', task_id: 3 };
    const bookish = event({ type: 'note_book', objectId: 7, payload: row });
    await one.deliver({ ...bookish, schema: schema('note_book', ['name', 'task_id']) }, CONTEXT);
    await one.deliver(event({ type: 'task', objectId: 3, operation: 'delete' }), CONTEXT);
    expect(await files()).toEqual(['incident_12_note_book_7.json']);
  });

  it('marks instead, where asked to, until the object comes back', async () => {
    const one = feed({ on_delete: 'mark' });
    expect(one.capabilities.deletes).toBe('mark');
    await one.deliver(event({ payload: { name: 'n' } }), CONTEXT);
    await one.deliver(event({ type: 'note', objectId: 7 }), CONTEXT);
    expect(await one.deliver(event({ operation: 'delete' }), CONTEXT)).toMatchObject({ change: 'deleted' });
    for (const name of await files()) expect(JSON.parse(await read(name))).toMatchObject({ soar_feed_deleted: true });
    expect(JSON.parse(await read('incident_12.json'))).toMatchObject({ name: 'n' });
    expect(await one.deliver(event({ operation: 'delete' }), CONTEXT)).toMatchObject({ change: 'unchanged' });
    expect(await one.deliver(event({ payload: { name: 'n' } }), CONTEXT)).toMatchObject({ change: 'updated' });
    expect(await read('incident_12.json')).not.toContain('soar_feed_deleted');
  });

  it('never shows a part of a file: the old text stands until the new one is whole', async () => {
    const one = feed({ content: 'base64', max_content: '10MB' });
    const attachment = (pieces: AsyncIterable<Buffer>): FeedEvent =>
      event({
        type: 'attachment',
        objectId: 5,
        payload: { name: 'a' },
        content: { name: 'a', open: async () => Readable.from(pieces) },
      });
    const name = 'incident_12_attachment_5.json';
    await writeFile(join(folder, name), 'old');

    // Half of the content has been written while the reader looks.
    const seen: string[] = [];
    async function* slow(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(300_000, 1);
      const names = await files();
      seen.push(await read(name), ...names.filter((other) => other !== name));
      yield Buffer.alloc(300_001, 2);
    }
    await one.deliver(attachment(slow()), CONTEXT);
    expect(seen).toEqual(['old', expect.stringMatching(/^\.incident_12_attachment_5\.json\..*\.tmp$/)]);
    const bytes = Buffer.from((JSON.parse(await read(name)) as { content: string }).content, 'base64');
    expect(bytes.equals(Buffer.concat([Buffer.alloc(300_000, 1), Buffer.alloc(300_001, 2)]))).toBe(true);

    // A content that is cut off leaves the old file and no trace.
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.alloc(10);
      throw new Error('reset');
    }
    const whole = await read(name);
    const changed = { ...attachment(broken()), payload: { name: 'b' } };
    await expect(one.deliver(changed, CONTEXT)).rejects.toThrow('reset');
    expect(await read(name)).toBe(whole);
    expect(await files()).toEqual([name]);
  });

  describe('lets nobody read but whom file_mode allows', () => {
    const mode = async (name: string) => ((await stat(join(folder, name))).mode & 0o777).toString(8);
    let umask: number;
    beforeEach(() => void (umask = process.umask(0o027)));
    afterEach(() => void process.umask(umask));

    it.each([
      [{}, '600'],
      [{ file_mode: '0640' }, '640'],
      [{ file_mode: '0664' }, '664'],
    ])('%j: %s, whatever the umask, also for a moment and for a mark', async (settings, expected) => {
      const one = feed({ content: 'base64', on_delete: 'mark', ...settings });
      const seen: string[] = [];
      async function* bytes(): AsyncGenerator<Buffer> {
        for (const name of await files()) if (name.endsWith('.tmp')) seen.push(await mode(name));
        yield Buffer.alloc(10);
      }
      const content = { name: 'a', open: async () => Readable.from(bytes()) };
      await one.deliver(event({ type: 'attachment', objectId: 5, content }), CONTEXT);
      await one.deliver(event({ payload: { name: 'n' } }), CONTEXT);
      expect([await mode('incident_12_attachment_5.json'), await mode('incident_12.json')]).toEqual([
        expected,
        expected,
      ]);
      expect(seen).toEqual([expected]);
      await one.deliver(event({ operation: 'delete' }), CONTEXT);
      for (const name of await files()) expect(await mode(name)).toBe(expected);
    });

    it('an unchanged file from before the setting follows it', async () => {
      await feed().deliver(event({ payload: { name: 'n' } }), CONTEXT);
      await chmod(join(folder, 'incident_12.json'), 0o644);
      expect(await feed().deliver(event({ payload: { name: 'n' } }), CONTEXT)).toMatchObject({ change: 'unchanged' });
      expect(await mode('incident_12.json')).toBe('600');
    });

    it('refuses a mode that everybody may write by', () => {
      expect(() => feed({ file_mode: '0666' })).toThrow(/file_mode/);
    });
  });

  it('opens beside another feed of the same folder', async () => {
    const opened = await Promise.allSettled(Array.from({ length: 20 }, () => feed().open(CONTEXT)));
    expect(opened.filter(({ status }) => status === 'rejected')).toEqual([]);
    expect(await files()).toEqual([]);
  });

  it('keeps every digit of an integer, also where a file is only marked', async () => {
    const one = feed({ on_delete: 'mark' });
    const cust_num = 9007199254740993n;
    const numbered = { ...event({ payload: { cust_num } }), schema: schema('incident', ['cust_num']) };
    await one.deliver(numbered, CONTEXT);
    expect(await read('incident_12.json')).toContain('"cust_num": 9007199254740993,');
    expect(await one.deliver(numbered, CONTEXT)).toMatchObject({ change: 'unchanged' });
    await one.deliver(event({ operation: 'delete' }), CONTEXT);
    expect(await read('incident_12.json')).toContain('"cust_num": 9007199254740993,');
    expect(await read('incident_12.json')).toContain('"soar_feed_deleted": true');
  });

  it('keeps fields that are called like parts of an object of JavaScript', async () => {
    const one = feed({ on_delete: 'mark' });
    const names = ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty'];
    const payload = JSON.parse(
      `{${names.map((name) => `"${name}": "value of ${name}"`).join()}}`,
    ) as FeedEvent['payload'];
    await one.deliver({ ...event({ payload }), schema: schema('incident', names) }, CONTEXT);
    await one.deliver(event({ operation: 'delete' }), CONTEXT);
    for (const name of names) expect(await read('incident_12.json')).toContain(`"${name}": "value of ${name}"`);
  });

  it('reads a content once, and refuses one that is too large before and during the download', async () => {
    const one = feed({ content: 'base64', max_content: '1KB' });
    expect(one.capabilities.content).toBe(true);
    let opened = 0;
    const of = (size: number, declared?: number): FeedEvent =>
      event({
        type: 'attachment',
        objectId: 5,
        content: {
          name: 'a',
          ...(declared === undefined ? {} : { size: declared }),
          open: async () => (opened++, Readable.from([Buffer.alloc(size)])),
        },
      });
    await one.deliver(of(1024), CONTEXT);
    expect(await one.deliver(of(1024), CONTEXT)).toMatchObject({ change: 'unchanged' });
    expect(opened).toBe(1);
    await rm(join(folder, 'incident_12_attachment_5.json'));
    await expect(one.deliver(of(1025, 1025), CONTEXT)).rejects.toMatchObject({ code: 'content-too-large' });
    expect(opened).toBe(1);
    await expect(one.deliver(of(1025), CONTEXT)).rejects.toThrow(PermanentError);
    expect(await files()).toEqual([]);
  });

  it('leaves contents alone unless asked to', async () => {
    const one = feed();
    expect(one.capabilities.content).toBe(false);
    const content = { name: 'a', open: () => Promise.reject(new Error('opened')) };
    await one.deliver(event({ type: 'attachment', objectId: 5, content }), CONTEXT);
    expect(JSON.parse(await read('incident_12_attachment_5.json'))).toHaveProperty('content', null);
  });

  it('clears what a killed process left, but not what is being written', async () => {
    await writeFile(join(folder, '.incident_1.json.99.1.tmp'), '{');
    await utimes(join(folder, '.incident_1.json.99.1.tmp'), 1, 1);
    await writeFile(join(folder, '.incident_2.json.99.1.tmp'), '{');
    await writeFile(join(folder, 'other.tmp'), '');
    await utimes(join(folder, 'other.tmp'), 1, 1);
    await feed().open(CONTEXT);
    expect(await files()).toEqual(['.incident_2.json.99.1.tmp', 'other.tmp']);
  });

  it('does nothing after an abort', async () => {
    const signal = AbortSignal.abort(new Error('stopped'));
    await expect(feed().deliver(event(), { ...CONTEXT, signal })).rejects.toThrow('stopped');
    expect(await files()).toEqual([]);
  });
});

describe('a folder that cannot be used', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    ['is missing', async () => join(folder, 'none'), /none cannot be used \(ENOENT\): it does not exist; create it/],
    [
      'is a file',
      async () => (await writeFile(join(folder, 'f'), ''), join(folder, 'f')),
      /\(ENOTDIR\): it is not a folder/,
    ],
    ['lies below a file', async () => (await writeFile(join(folder, 'f'), ''), join(folder, 'f', 'x')), /\(ENOTDIR\)/],
    // Not even root may create a file there.
    [
      'is not writable',
      async () => '/proc/self/fdinfo',
      /fdinfo cannot be used \(\w+\): it (is not writable|does not exist)/,
    ],
  ])('%s: open and health say so', async (_name, directory, expected) => {
    const one = feed({ directory: await directory() });
    await expect(one.open(CONTEXT)).rejects.toThrow(UnavailableError);
    await expect(one.open(CONTEXT)).rejects.toThrow(expected);
    await one.close();
  });

  it('goes away and comes back: deliveries are unavailable meanwhile, health tells', async () => {
    const directory = join(folder, 'out');
    await mkdir(directory);
    const one = feed({ directory });
    await one.open(CONTEXT);
    expect(await one.health(CONTEXT)).toEqual({ state: 'up', detail: `${directory} is writable` });
    await rm(directory, { recursive: true });
    const note = { type: 'note', objectId: 7 };
    for (const made of [
      event(),
      event({ operation: 'delete' }),
      event(note),
      event({ ...note, operation: 'delete' }),
    ]) {
      await expect(one.deliver(made, CONTEXT)).rejects.toMatchObject({ kind: 'unavailable', code: 'folder-unusable' });
    }
    expect(await one.health(CONTEXT)).toMatchObject({ state: 'down', detail: expect.stringContaining('ENOENT') });
    await mkdir(directory);
    await one.open(CONTEXT);
    expect(await one.deliver(event(), CONTEXT)).toMatchObject({ change: 'created' });
    await one.close();
    await one.close();
  });

  it('is not blamed for one file that is in the way', async () => {
    await mkdir(join(folder, 'incident_12.json'));
    await expect(feed().deliver(event(), CONTEXT)).rejects.toMatchObject({ kind: 'permanent', code: 'file-refused' });
  });

  it('is not written to by health', async () => {
    await feed().health(CONTEXT);
    expect(await files()).toEqual([]);
  });
});

describe('the package', () => {
  it('gives each feed a target of its own', () => {
    expect(target).toMatchObject({ type: 'file', aliases: ['FileFeed'], contract: 1 });
    const made = ['remove', 'mark'].map((on_delete) => {
      const container = new Container();
      const config = validateSection('f', rawValues({ on_delete }), target.config, { folder }).value;
      container.bind(FeedTokens.Config).toConstantValue(config);
      container.bind(FeedTokens.Source).toConstantValue({} as SourceOrg);
      container.bind(FeedTokens.Logger).toConstantValue(CONTEXT.log);
      container.load(target.module);
      return container.get<FeedTarget>(FeedTokens.Target);
    });
    expect(made.map(({ capabilities }) => capabilities.deletes)).toEqual(['apply', 'mark']);
  });
});
