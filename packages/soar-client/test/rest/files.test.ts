import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SoarClient } from '../../src/index.js';
import type { FileInput } from '../../src/index.js';
import { failureFrom } from '../support/failureFrom.js';
import { fail, ScriptedServer } from '../support/ScriptedServer.js';
import type { Call } from '../support/ScriptedServer.js';
import { waitFor } from '../support/waitFor.js';

const MB = 1024 * 1024;
const BIG = 30 * MB;
const CHUNK = Buffer.alloc(64 * 1024, 'soar');
const UPLOAD = 'POST /rest/orgs/201/incidents/5/attachments';
const FILES = 'POST /rest/orgs/201/incidents/5/artifacts/files';
const CONTENTS = 'GET /rest/orgs/201/incidents/5/attachments/8/contents';

let server: ScriptedServer;
let client: SoarClient;
beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.reset();
  client = await SoarClient.connect(server.connection());
});
afterEach(() => client.close());

const parent = { incidentId: 5 };
const upload = (file: FileInput) => client.attachments.create(parent, file);

/** A source that counts what was drawn from it. */
function bigSource(bytes = BIG): { file: FileInput; streams: Readable[]; drawn: () => number } {
  const streams: Readable[] = [];
  let drawn = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0; left -= CHUNK.length) {
      drawn += CHUNK.length;
      yield CHUNK;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const open = (): Promise<Readable> => {
    const stream = Readable.from(chunks(), { objectMode: false });
    streams.push(stream);
    return Promise.resolve(stream);
  };
  return { file: { name: 'big.bin', size: bytes, open }, streams, drawn: () => drawn };
}

function small(text: string, more: Partial<FileInput> = {}): FileInput {
  return {
    name: 'a.txt',
    contentType: 'text/plain',
    open: () => Promise.resolve(Readable.from([Buffer.from(text)])),
    ...more,
  };
}

async function bodyOf(call: Call): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of call.request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

describe('sending', () => {
  it('a file of 30 MB never holds much of it, though the server is slow to take it', async () => {
    const source = bigSource();
    let received = 0;
    let mostBetween = 0;
    server.on(UPLOAD, async ({ request, response }) => {
      for await (const chunk of request as AsyncIterable<Buffer>) {
        received += chunk.length;
        mostBetween = Math.max(mostBetween, source.drawn() - received);
        if (received % (2 * MB) < chunk.length) await new Promise((resolve) => setTimeout(resolve, 10));
      }
      response.end(JSON.stringify({ id: 8, name: 'big.bin', size: received }));
    });
    await upload(source.file);
    expect(received).toBeGreaterThan(BIG);
    // What lies between: our buffers and those of two sockets.
    expect(mostBetween).toBeLessThan(12 * MB);
    expect(source.streams.every((stream) => stream.destroyed)).toBe(true);
  }, 20_000);

  it('names and types travel as they are, with what belongs beside them', async () => {
    const bodies: string[] = [];
    server.on(UPLOAD, async (call) => {
      bodies.push(await bodyOf(call));
      return { id: 8, name: 'x' };
    });
    server.on(FILES, async (call) => {
      bodies.push(await bodyOf(call));
      return [{ id: 9 }];
    });
    await client.attachments.create(parent, small('content', { name: 'dir/Bericht "ä" 日本.txt', size: 7 }), 'why');
    expect(await client.artifacts.createFile(5, { type: 16, value: 'v' }, small(''))).toEqual([{ id: 9 }]);
    expect(bodies[0]).toContain(
      'name="file"; filename="dir/Bericht %22ä%22 日本.txt"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n',
    );
    expect(bodies[0]).toContain('name="description"\r\n\r\nwhy\r\n');
    expect(bodies[1]).toContain('name="artifact"\r\nContent-Type: application/json\r\n\r\n{"type":16,"value":"v"}\r\n');
    expect(Number(server.hits(UPLOAD)[0]?.headers['content-length'])).toBe(Buffer.byteLength(bodies[0] ?? ''));
  });

  it('begins with a fresh stream after a refusal', async () => {
    const source = bigSource(256 * 1024);
    server.on(
      UPLOAD,
      async (call) => {
        await bodyOf(call);
        return fail(call, 429, 'later');
      },
      async (call) => ({ id: 8, name: 'x', size: (await bodyOf(call)).length }),
    );
    expect((await upload(source.file)).size).toBeGreaterThan(256 * 1024);
    expect(source.streams).toHaveLength(2);
  });

  it('ends when its source fails: nothing was made, and it may be tried again', async () => {
    let whole = false;
    server.on(UPLOAD, async (call) => {
      await bodyOf(call).then(
        () => (whole = true),
        () => undefined,
      );
      return undefined;
    });
    async function* breaking(): AsyncGenerator<Buffer> {
      yield CHUNK;
      await waitFor('the upload to arrive', () => server.hits(UPLOAD).length === 1);
      throw new Error('disk on fire');
    }
    const error = await failureFrom(upload({ name: 'x', open: () => Promise.resolve(Readable.from(breaking())) }));
    expect(error).toMatchObject({ code: 'upload-source-failed', retryable: true, outcomeUnknown: false });
    expect(error.message).toContain('disk on fire');
    expect(whole).toBe(false);
    const unopened = await failureFrom(upload({ name: 'x', open: () => Promise.reject(new Error('gone')) }));
    expect(unopened).toMatchObject({ code: 'upload-source-failed' });
  });

  it.each([
    ['shorter', 9],
    ['longer', 3],
  ])('ends when the source is %s than announced', async (_what, size) => {
    server.on(UPLOAD, async (call) => void (await bodyOf(call).catch(() => undefined)));
    const error = await failureFrom(upload(small('content', { size })));
    expect(error).toMatchObject({ code: 'upload-source-failed', outcomeUnknown: false });
  });

  it('ends when the caller gives up, and closes its source', async () => {
    const source = bigSource();
    const abort = new AbortController();
    server.on(UPLOAD, () => undefined);
    const failing = failureFrom(client.attachments.create(parent, source.file, undefined, { signal: abort.signal }));
    await waitFor('the upload to arrive', () => server.hits(UPLOAD).length === 1);
    abort.abort();
    expect(await failing).toMatchObject({ code: 'aborted' });
    expect(source.streams[0]?.destroyed).toBe(true);
  });

  it('may take longer than the timeout, as long as bytes flow', async () => {
    const patient = await SoarClient.connect(server.connection({ timeoutMs: 300 }));
    server.on(UPLOAD, async (call) => {
      await bodyOf(call);
      return { id: 8, name: 'x' };
    });
    async function* slow(): AsyncGenerator<Buffer> {
      for (let i = 0; i < 8; i++) {
        yield CHUNK;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
    const open = () => Promise.resolve(Readable.from(slow()));
    expect(await patient.attachments.create(parent, { name: 'x', open })).toMatchObject({ id: 8 });
    await patient.close();
  });

  it('a file that the server finds too large is an answer', async () => {
    server.on(UPLOAD, async (call) => {
      await bodyOf(call);
      return fail(call, 413, 'Attachment exceeds 25 MB');
    });
    const error = await failureFrom(upload(small('x')));
    expect(error).toMatchObject({ code: 'too-large', status: 413, retryable: false });
    expect(error.message).toContain('exceeds 25 MB');
  });
});

describe('receiving', () => {
  it('30 MB waits for its reader, and comes whole', async () => {
    let sent = 0;
    server.on(CONTENTS, async ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/x-big', 'content-length': String(BIG) });
      await pipeline(async function* () {
        for (; sent < BIG; sent += CHUNK.length) yield CHUNK;
      }, response);
      return undefined;
    });
    const content = await client.attachments.content(parent, 8);
    expect(content).toMatchObject({ contentType: 'application/x-big', size: BIG });
    await waitFor('the server to send', () => sent > 0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(sent).toBeLessThan(12 * MB);
    const hash = createHash('sha256');
    let received = 0;
    for await (const chunk of content.stream as AsyncIterable<Buffer>) {
      hash.update(chunk);
      received += chunk.length;
    }
    const expected = createHash('sha256');
    for (let i = 0; i < BIG / CHUNK.length; i++) expected.update(CHUNK);
    expect(received).toBe(BIG);
    expect(hash.digest('hex')).toBe(expected.digest('hex'));
  }, 20_000);

  it('that breaks off fails the stream, never ends it', async () => {
    server.on(CONTENTS, ({ response }) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write(Buffer.alloc(400), () => response.destroy());
    });
    const content = await client.attachments.content(parent, 8);
    expect(await failureFrom(content.stream.toArray())).toMatchObject({ code: 'connection-lost', retryable: true });
  });

  it('that falls silent fails the stream in time', async () => {
    const hasty = await SoarClient.connect(server.connection({ timeoutMs: 200 }));
    server.on(CONTENTS, ({ response }) => void response.writeHead(200, { 'content-length': '1000' }).write('abc'));
    const content = await hasty.attachments.content(parent, 8);
    expect(await failureFrom(content.stream.toArray())).toMatchObject({ code: 'connection-lost', retryable: true });
    await hasty.close();
  });

  it('that is refused tells the platform’s words; a reset before it began is asked for again', async () => {
    server.on(
      CONTENTS,
      (call) => fail(call, 404, 'Unable to find object with ID 8'),
      (call) => void call.request.socket.destroy(),
      ({ response }) => void response.end('abc'),
    );
    const error = await failureFrom(client.attachments.content(parent, 8));
    expect(error).toMatchObject({ code: 'not-found', status: 404 });
    expect(error.message).toContain('Unable to find object with ID 8');
    const { stream } = await client.attachments.content(parent, 8);
    expect(Buffer.concat(await stream.toArray()).toString()).toBe('abc');
  });

  it('unread and let go of frees its connection', async () => {
    let closed = false;
    server.on(CONTENTS, ({ response }) => {
      response.on('close', () => (closed = true));
      response.writeHead(200, { 'content-length': String(BIG) }).write(CHUNK);
    });
    const { stream } = await client.attachments.content(parent, 8);
    stream.destroy();
    await waitFor('the connection to be freed', () => closed);
  });

  it('ends when the caller gives up in the middle', async () => {
    const abort = new AbortController();
    server.on(CONTENTS, ({ response }) => void response.writeHead(200, { 'content-length': String(BIG) }).write(CHUNK));
    const { stream } = await client.attachments.content(parent, 8, { signal: abort.signal });
    const failing = failureFrom(stream.toArray());
    abort.abort();
    expect(await failing).toMatchObject({ code: 'aborted' });
  });
});

describe('compressed on the way', () => {
  const text = 'the same words again and again. '.repeat(300);

  it.each<[string, (text: string) => Buffer]>([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['br', brotliCompressSync],
    ['identity', (whole) => Buffer.from(whole)],
  ])('%s arrives whole, whatever its content-length counts', async (encoding, pack) => {
    server.on(CONTENTS, ({ response }) => {
      const body = pack(text);
      const headers = { 'content-encoding': encoding, 'content-length': String(body.length) };
      response.writeHead(200, { ...headers, 'content-disposition': 'attachment' }).end(body);
    });
    const { stream } = await client.attachments.content(parent, 8, { size: text.length });
    expect(Buffer.concat(await stream.toArray()).toString()).toBe(text);
    expect(server.hits(CONTENTS)[0]?.headers['accept-encoding']).toBe('identity');
  });

  it('cut short or unknown is an error, and what unpacks beyond the limit ends', async () => {
    const send = (encoding: string, body: Buffer) =>
      server.on(CONTENTS, ({ response }) => {
        response.writeHead(200, { 'content-encoding': encoding, 'content-disposition': 'attachment' }).end(body);
      });
    const packed = gzipSync(text);
    send('gzip', packed.subarray(0, packed.length - 12));
    const cut = await client.attachments.content(parent, 8);
    expect(await failureFrom(cut.stream.toArray())).toMatchObject({ code: 'truncated-answer', retryable: true });
    send('zstd', packed);
    expect(await failureFrom(client.attachments.content(parent, 8))).toMatchObject({ code: 'not-the-platform' });

    const small = await SoarClient.connect(server.connection({ maxAnswerBytes: 5_000 }));
    send('gzip', packed);
    const bomb = await small.attachments.content(parent, 8);
    expect(await failureFrom(bomb.stream.toArray())).toMatchObject({ code: 'answer-too-large', retryable: false });
    server.on('GET /rest/orgs/201/incidents/5', ({ response }) => {
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-type': 'application/json' });
      response.end(gzipSync(JSON.stringify({ id: 5, text })));
    });
    expect(await client.incidents.get(5)).toMatchObject({ text });
    expect(await failureFrom(small.incidents.get(5))).toMatchObject({ code: 'answer-too-large', retryable: false });
    await small.close();
  });
});
