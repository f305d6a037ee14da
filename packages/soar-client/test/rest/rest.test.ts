import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SoarApiError, SoarClient } from '../../src/index.js';
import type { RepeatInfo } from '../../src/index.js';
import { retryAfterMsOf } from '../../src/rest/retryAfterMsOf.js';
import { failureFrom } from '../support/failureFrom.js';
import { fail, reset, ScriptedServer, status } from '../support/ScriptedServer.js';
import type { Handler } from '../support/ScriptedServer.js';
import { waitFor } from '../support/waitFor.js';

let server: ScriptedServer;
let client: SoarClient;
let repeats: RepeatInfo[];

const INCIDENT = 'GET /rest/orgs/201/incidents/5';
const CREATE = 'POST /rest/orgs/201/incidents';
const PUT = 'PUT /rest/orgs/201/incidents/5';
const good = () => ({ id: 5, name: 'x', vers: 1 });

beforeAll(async () => {
  server = await ScriptedServer.start();
});
afterAll(() => server.stop());
beforeEach(async () => {
  server.reset();
  repeats = [];
  client = await SoarClient.connect(server.connection(), {
    onRetry: (info) => repeats.push(info),
    contextToken: 'ours',
  });
});
afterEach(() => client.close());

const read = () => client.incidents.get(5);
const create = () => client.incidents.create({ name: 'x' });
const put = () => client.incidents.put(5, { name: 'x', vers: 1 });

describe('repeats', () => {
  it.each([429, 502, 503, 504])('a read after %i, as often as agreed', async (code) => {
    const no: Handler = (call) => fail(call, code, 'later');
    server.on(INCIDENT, no, no, good);
    expect(await read()).toMatchObject({ id: 5 });
    expect(repeats.map(({ endpoint, repeat, delayMs }) => ({ endpoint, repeat, delayMs }))).toEqual([
      { endpoint: INCIDENT, repeat: 1, delayMs: 5 },
      { endpoint: INCIDENT, repeat: 2, delayMs: 10 },
    ]);
    server.on(INCIDENT, no);
    expect(await failureFrom(read())).toMatchObject({ status: code, retryable: true, outcomeUnknown: false });
    expect(server.hits(INCIDENT)).toHaveLength(6);
  });

  it('after a 429 no sooner than the server says, and leaves longer waits to the caller', async () => {
    server.on(INCIDENT, status(429, { 'retry-after': '0.3' }), good);
    const before = performance.now();
    await read();
    expect(performance.now() - before).toBeGreaterThan(295);
    server.on(INCIDENT, status(429, { 'retry-after': '120' }));
    expect(await failureFrom(read())).toMatchObject({ code: 'not-the-platform', retryAfterMs: 120_000 });
    expect(server.hits(INCIDENT)).toHaveLength(3);
  });

  it('a create after 429 in the platform’s words: it was refused', async () => {
    server.on(CREATE, (call) => fail(call, 429, 'slowly'), good);
    expect(await create()).toMatchObject({ id: 5 });
  });

  it.each([500, 502, 503, 504])('a create never after %i, whoever says it: it may have been done', async (code) => {
    server.on(CREATE, (call) => fail(call, code, 'later'), status(code, {}, '<html>later</html>'));
    expect(await failureFrom(create())).toMatchObject({ status: code, outcomeUnknown: true, retryable: true });
    expect(await failureFrom(create())).toMatchObject({ code: 'not-the-platform', outcomeUnknown: true });
    expect(server.hits(CREATE)).toHaveLength(2);
  });

  it('a put after 502: twice leaves the same as once', async () => {
    server.on(PUT, status(502), good);
    expect(await put()).toMatchObject({ id: 5 });
  });

  it.each([400, 403, 404, 409, 500])('nothing after %i', async (code) => {
    server.on(INCIDENT, (call) => fail(call, code, 'no'));
    expect((await failureFrom(read())).status).toBe(code);
    expect(server.hits(INCIDENT)).toHaveLength(1);
  });

  it('a read whose connection is reset', async () => {
    server.on(INCIDENT, reset, good);
    expect(await read()).toMatchObject({ id: 5 });
    expect(repeats[0]?.error).toMatchObject({ code: 'connection-lost', outcomeUnknown: false });
  });

  it('a create when nothing had been sent yet', async () => {
    await client.close();
    const down = await ScriptedServer.start();
    const other = await SoarClient.connect(down.connection(), { onRetry: (info) => repeats.push(info) });
    await down.stop();
    const error = await failureFrom(other.incidents.create({ name: 'x' }));
    await other.close();
    expect(error).toMatchObject({ code: 'connection-refused', unavailable: true, outcomeUnknown: false });
    expect(repeats).toHaveLength(2);
  });
});

describe('a write that was sent and not answered', () => {
  it('is unknown after a reset, and not repeated: the server had done it', async () => {
    let made = 0;
    server.on(CREATE, (call) => {
      made += 1;
      return reset(call);
    });
    const error = await failureFrom(create());
    expect(error).toMatchObject({ code: 'connection-lost', outcomeUnknown: true, retryable: true, unavailable: false });
    expect(error.message).toContain('POST /rest/orgs/201/incidents at 127.0.0.1');
    expect(made).toBe(1);
  });

  it('is unknown too on a connection that was used before, or that another request waited for', async () => {
    const single = await SoarClient.connect(server.connection({ maxSockets: 1 }));
    server.on(INCIDENT, good);
    server.on(CREATE, reset);
    const [, error] = await Promise.all([single.incidents.get(5), failureFrom(single.incidents.create({ name: 'x' }))]);
    expect(error).toMatchObject({ outcomeUnknown: true });
    await single.incidents.get(5);
    expect(await failureFrom(single.incidents.create({ name: 'x' }))).toMatchObject({ outcomeUnknown: true });
    await single.close();
  });

  it('is unknown when the time is up', async () => {
    const hasty = await SoarClient.connect(server.connection({ timeoutMs: 150 }));
    server.on(CREATE, () => undefined);
    expect(await failureFrom(hasty.incidents.create({}))).toMatchObject({ code: 'timeout', outcomeUnknown: true });
    server.on(INCIDENT, () => undefined);
    expect(await failureFrom(hasty.incidents.get(5))).toMatchObject({ code: 'timeout', outcomeUnknown: false });
    await hasty.close();
  });

  it('is unknown when the answer ends early', async () => {
    server.on(CREATE, ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
      response.write('{"id": 5, "na', () => response.destroy());
    });
    expect(await failureFrom(create())).toMatchObject({ code: 'connection-lost', outcomeUnknown: true });
  });

  it('is unknown when the caller gives up, known when he does before it is sent', async () => {
    const abort = new AbortController();
    server.on(CREATE, () => undefined);
    const sent = failureFrom(client.incidents.create({}, { signal: abort.signal }));
    await waitFor('the create to arrive', () => server.hits(CREATE).length === 1);
    abort.abort();
    expect(await sent).toMatchObject({ code: 'aborted', outcomeUnknown: true });
    expect(await failureFrom(client.incidents.create({}, { signal: abort.signal }))).toMatchObject({
      code: 'aborted',
      outcomeUnknown: false,
    });
  });

  it('500 to a change: the platform rolled it back, of a stranger’s nobody knows', async () => {
    server.on(PUT, (call) => fail(call, 500, 'Script failed'), status(500, {}, '<html>oops</html>'));
    expect(await failureFrom(put())).toMatchObject({ code: 'server-error', outcomeUnknown: false });
    expect(await failureFrom(put())).toMatchObject({ code: 'not-the-platform', outcomeUnknown: true });
  });

  it.each([
    ['create', CREATE, create],
    ['change', PUT, put],
  ] as const)(
    '408 to a %s: the platform stopped waiting, which says nothing of what it did',
    async (_, route, send) => {
      server.on(route, (call) => fail(call, 408, 'Request timeout'));
      expect(await failureFrom(send())).toMatchObject({ status: 408, outcomeUnknown: true, retryable: true });
      expect(server.hits(route)).toHaveLength(1);
    },
  );
});

describe('answers that are none', () => {
  const html = status(200, { 'content-type': 'text/html' }, '<!doctype html><title>Log in</title>');

  it('a web page with status 200', async () => {
    server.on(INCIDENT, html);
    const error = await failureFrom(read());
    expect(error).toMatchObject({
      code: 'not-the-platform',
      retryable: true,
      unavailable: true,
      outcomeUnknown: false,
    });
    expect(error.message).toContain('a web page (HTML)');
    server.on(CREATE, html);
    expect(await failureFrom(create())).toMatchObject({ code: 'not-the-platform', outcomeUnknown: true });
  });

  it('JSON that is cut short: asked for again, then reported', async () => {
    server.on(INCIDENT, status(200, {}, '{"id": 5, "na'), good);
    expect(await read()).toMatchObject({ id: 5 });
    server.on(INCIDENT, status(200, {}, '{"id": 5, "na'));
    expect(await failureFrom(read())).toMatchObject({ code: 'truncated-answer' });
  });

  it('nothing, a bare word, a redirect', async () => {
    for (const [answer, words] of [
      [status(200), 'no body'],
      [status(200, {}, '"hello"'), 'a bare value'],
      [status(302, { location: 'https://login.example/?token=t' }), 'It redirects to another address'],
    ] as const) {
      server.on(INCIDENT, answer);
      const error = await failureFrom(read());
      expect(error).toMatchObject({ code: 'not-the-platform', unavailable: true });
      expect(error.status).toBeUndefined();
      expect(error.message).toContain(words);
      expect(error.message).not.toContain('token');
    }
  });

  it('nothing is fine where nothing is due, and only with the status that says so', async () => {
    const DELETE = 'DELETE /rest/orgs/201/incidents/5';
    server.on(DELETE, status(204));
    expect(await client.incidents.delete(5)).toBeUndefined();
    expect(server.hits(DELETE)).toHaveLength(1);
    server.on(DELETE, status(200));
    expect(await failureFrom(client.incidents.delete(5))).toMatchObject({ code: 'not-the-platform' });
  });
});

describe('an error', () => {
  it('says endpoint, status and the platform’s words and hints, never the query', async () => {
    server.on(CREATE, (call) => fail(call, 400, 'Field discovered date is required.', ['field_defs']));
    const error = await failureFrom(create());
    expect(error.message).toBe('POST /rest/orgs/201/incidents failed with 400: Field discovered date is required.');
    expect(error).toMatchObject({
      code: 'invalid-request',
      hints: ['field_defs'],
      retryable: false,
      outcomeUnknown: false,
    });
    expect(server.hits(CREATE)[0]?.query.get('want_full_data')).toBe('true');
  });

  it('shows no credentials, however deep one looks', async () => {
    const hasty = await SoarClient.connect(server.connection({ timeoutMs: 100 }));
    const abort = new AbortController();
    server.on(CREATE, () => undefined);
    server.on(PUT, reset);
    const aborted = failureFrom(hasty.incidents.create({}, { signal: abort.signal }));
    abort.abort();
    const { cafile: _cafile, ...untrusting } = server.connection();
    const errors = await Promise.all([
      aborted,
      failureFrom(hasty.incidents.create({})),
      failureFrom(hasty.incidents.put(5, {})),
      failureFrom(SoarClient.connect(untrusting)),
      failureFrom(hasty.incidents.create({}, { contextToken: 'line\nbreak' })),
    ]);
    await hasty.close();
    for (const error of errors) {
      const all = inspect(error, { depth: 10, showHidden: true });
      expect(all).not.toContain('key-secret');
      expect(all).not.toContain(Buffer.from('key-id:key-secret').toString('base64'));
    }
  });

  it('of a request that nobody could send is no outage', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const error = await failureFrom(client.incidents.create(circle));
    expect(error).toMatchObject({
      code: 'unsendable-request',
      retryable: false,
      unavailable: false,
      outcomeUnknown: false,
    });
  });

  it('is known to another copy of this package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('@soar-feed/soar-client:SoarApiError')]: true });
    expect(SoarApiError.is(foreign)).toBe(true);
    expect(SoarApiError.is(new Error('x'))).toBe(false);
  });
});

describe('a request', () => {
  it('carries the context token on writes only, the call’s own before the client’s', async () => {
    server.on(INCIDENT, good);
    server.on(CREATE, good);
    await read();
    await create();
    await client.incidents.create({}, { contextToken: 'theirs' });
    expect(server.hits(INCIDENT)[0]?.headers['x-co3contexttoken']).toBeUndefined();
    expect(server.hits(CREATE).map((call) => call.headers['x-co3contexttoken'])).toEqual(['ours', 'theirs']);
  });

  it('uses few connections again and again, and lets go of an idle one before the server does', async () => {
    const sockets = new Set<unknown>();
    server.on(INCIDENT, ({ request }) => {
      sockets.add(request.socket);
      return good();
    });
    const four = await SoarClient.connect(server.connection({ maxSockets: 4 }));
    await Promise.all(Array.from({ length: 40 }, () => four.incidents.get(5)));
    expect(sockets.size).toBeLessThanOrEqual(4);
    const open = () => [...sockets].filter((socket) => !(socket as { destroyed: boolean }).destroyed).length;
    expect(open()).toBeGreaterThan(0);
    await waitFor('idle sockets to close', () => open() === 0, 6_000);
    await four.close();
  }, 15_000);

  it('ends its pause when the signal fires', async () => {
    const abort = new AbortController();
    server.on(INCIDENT, status(429, { 'retry-after': '9' }));
    const started = performance.now();
    const failing = failureFrom(client.incidents.get(5, { signal: abort.signal }));
    await waitFor('the pause to begin', () => repeats.length === 1);
    abort.abort();
    await failing;
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(server.hits(INCIDENT)).toHaveLength(1);
  });
});

describe('Retry-After', () => {
  const TEN = 'Tue, 04 Aug 2026 10:00:00 GMT';

  it.each([
    ['7', 7_000],
    [' 0.5 ', 500],
    ['-1', 0],
    ['Tue, 04 Aug 2026 10:00:03 GMT', 3_000],
    ['Tue, 04 Aug 2026 09:00:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    ['86400', 300_000],
    ['3000000', 300_000],
    ['1e400', 300_000],
    ['Wed, 05 Aug 2026 10:00:00 GMT', 300_000],
  ])('%p is %p ms, dates by the server’s own clock', (header, ms) => {
    expect(retryAfterMsOf(header, TEN, 300_000)).toBe(ms);
  });

  it('counts a date from our clock where the server tells no time', () => {
    const inAMinute = new Date(Date.now() + 60_000).toUTCString();
    const ms = retryAfterMsOf(inAMinute, undefined, 300_000) ?? 0;
    expect(ms).toBeGreaterThan(55_000);
    expect(ms).toBeLessThanOrEqual(60_000);
  });

  it('of a day is capped by the connection’s own bound', async () => {
    const patient = await SoarClient.connect(server.connection({ maxRetryAfterMs: 20_000 }));
    server.on(INCIDENT, (call) => {
      call.response.setHeader('retry-after', '86400');
      return fail(call, 503, 'later');
    });
    expect(await failureFrom(patient.incidents.get(5))).toMatchObject({ status: 503, retryAfterMs: 20_000 });
    await patient.close();
  });
});
