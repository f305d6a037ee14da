import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { markYielding, replaceSurroundings, ServerLimits, SoarApiError, surroundings } from '../../src/index.js';
import type { LimitedServer, Pass, ServerBounds, SoarRequest } from '../../src/index.js';
import type { Answer } from '../../src/rest/HttpLine.js';

const SERVER = { host: 'soar.example.com', port: 8443 };

/** Time that stands still until a test moves it. */
class Time {
  nowMs = 1_000;
  private timers: { readonly atMs: number; readonly then: () => void }[] = [];

  readonly startTimer = (ms: number, then: () => void): (() => void) => {
    const timer = { atMs: this.nowMs + ms, then };
    this.timers.push(timer);
    return () => (this.timers = this.timers.filter((one) => one !== timer));
  };

  async advance(ms: number): Promise<void> {
    const untilMs = this.nowMs + ms;
    await turn();
    for (;;) {
      const [next] = this.timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.timers = this.timers.filter((one) => one !== next);
      this.nowMs = next.atMs;
      next.then();
      await turn();
    }
    this.nowMs = untilMs;
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let time: Time;
let putBack = (): void => undefined;

beforeEach(() => {
  time = new Time();
  putBack = replaceSurroundings({ ...surroundings(), steadyMs: () => time.nowMs, startTimer: time.startTimer });
});
afterEach(() => putBack());

function bounds(more: Partial<ServerBounds> = {}): ServerBounds {
  return { adaptive: true, maxConcurrency: 64, ...more };
}

function request(signal?: AbortSignal): SoarRequest {
  return { method: 'POST', path: '/rest/orgs/202/incidents/7/comments', effect: 'create', signal };
}

function answer(status = 200, more: Partial<Answer> = {}): Answer {
  return { status, headers: {}, cookies: [], text: '{}', tookMs: 50, discard: () => undefined, ...more };
}

/** Requests that were let go, by name, in order. */
class Sent {
  readonly names: string[] = [];
  private readonly passes: Pass[] = [];

  send(server: LimitedServer, name: string, signal?: AbortSignal): Promise<void> {
    return server.enter(request(signal)).then((pass) => {
      this.names.push(name);
      this.passes.push(pass);
    });
  }

  /** The oldest one under way is answered. */
  async end(given: Answer = answer()): Promise<void> {
    this.passes.shift()?.answered(given);
    await turn();
  }
}

function yielding(): AbortSignal {
  const { signal } = new AbortController();
  markYielding(signal);
  return signal;
}

describe('ServerLimits', () => {
  it('lets as many go as the limit says, for all feeds of a server together', async () => {
    const limits = new ServerLimits();
    const [one, two] = [limits.join(SERVER, bounds()), limits.join({ ...SERVER, host: 'SOAR.example.com' }, bounds())];
    const other = limits.join({ host: 'other.example.com' }, bounds());
    const sent = new Sent();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void sent.send(name < 'd' ? one : two, name);
    void sent.send(other, 'elsewhere');
    await turn();
    expect(sent.names).toEqual(['a', 'b', 'c', 'd', 'elsewhere']);
    expect(one.figures).toEqual({
      server: 'soar.example.com:8443',
      limit: 4,
      mostLimit: 64,
      inFlight: 4,
      waiting: 2,
      refusals: 0,
    });
    expect(two.figures).toEqual(one.figures);
    expect(other.figures).toMatchObject({ server: 'other.example.com:443', inFlight: 1, waiting: 0 });
    await sent.end();
    expect(sent.names.at(-1)).toBe('e');
    expect(one.figures).toMatchObject({ latencyMs: 50, inFlight: 4, waiting: 1 });
  });

  it('lets those go first that do not yield, and now and then one that does', async () => {
    const server = new ServerLimits().join(SERVER, bounds({ maxConcurrency: 1 }));
    const sent = new Sent();
    for (let at = 0; at < 3; at += 1) void sent.send(server, `reload ${at}`, yielding());
    for (let at = 0; at < 12; at += 1) void sent.send(server, `live ${at}`);
    for (let at = 0; at < 15; at += 1) await sent.end();
    const kinds = sent.names.map((name) => (name.startsWith('reload') ? 'R' : 'L')).join('');
    expect(kinds).toBe('RLLLLLLRLLLLLLR');
  });

  it('never lets go what was given up while it waited', async () => {
    const server = new ServerLimits().join(SERVER, bounds({ maxConcurrency: 1 }));
    const sent = new Sent();
    const giveUp = new AbortController();
    void sent.send(server, 'first');
    const given = sent.send(server, 'given up', giveUp.signal).catch((error: unknown) => error);
    void sent.send(server, 'last');
    await turn();
    giveUp.abort(new Error('too late'));
    expect(await given).toEqual(new Error('too late'));
    await sent.end();
    expect(sent.names).toEqual(['first', 'last']);
    await expect(server.enter(request(giveUp.signal))).rejects.toThrow('too late');
  });

  it('spaces requests evenly where their rate is bounded, those of a fixed concurrency, too', async () => {
    const limits = new ServerLimits();
    const server = limits.join(SERVER, bounds({ adaptive: false, maxConcurrency: 16, maxRequestsPerSecond: 10 }));
    const sent = new Sent();
    for (let at = 0; at < 8; at += 1) void sent.send(server, String(at));
    await time.advance(0);
    expect(sent.names).toHaveLength(1);
    await time.advance(300);
    expect(sent.names).toHaveLength(4);
    await time.advance(400);
    expect(sent.names).toHaveLength(8);
    expect(server.figures).toEqual({
      server: 'soar.example.com:8443',
      maxRequestsPerSecond: 10,
      inFlight: 8,
      waiting: 0,
      refusals: 0,
    });
  });

  it('of several bounds the lowest count, as long as their feed is there', async () => {
    const limits = new ServerLimits();
    const wide = limits.join(SERVER, bounds());
    const narrow = limits.join(SERVER, bounds({ maxConcurrency: 2, maxRequestsPerSecond: 100 }));
    expect(wide.figures).toMatchObject({ limit: 2, mostLimit: 2, maxRequestsPerSecond: 100 });
    narrow.leave();
    expect(wide.figures).toMatchObject({ mostLimit: 64 });
    expect(wide.figures.maxRequestsPerSecond).toBeUndefined();
  });

  it('lets a feed prepare a little more than is sent, and what is sent within seconds', () => {
    const limits = new ServerLimits();
    expect(limits.join(SERVER, bounds()).width).toBe(5);
    expect(limits.join(SERVER, bounds({ maxConcurrency: 3 })).width).toBe(3);
    const paced = bounds({ adaptive: false, maxConcurrency: 16, maxRequestsPerSecond: 1 });
    expect(limits.join({ host: 'paced' }, paced).width).toBe(5);
  });

  it.each([
    [50, 16],
    [500, 12],
    [5_000, 5],
  ])('of a server that takes %i ms, a feed prepares what is sent within a second', async (ms, width) => {
    const server = new ServerLimits().join(SERVER, bounds());
    const pass = await server.enter(request());
    pass.answered(answer(200, { tookMs: ms }));
    expect(server.width).toBe(width);
  });

  it.each([429, 503])('halves the limit at %i, and pauses as long as the server asks, for all', async (status) => {
    const server = new ServerLimits().join(SERVER, bounds());
    const sent = new Sent();
    for (let at = 0; at < 9; at += 1) void sent.send(server, String(at));
    await time.advance(10);
    await sent.end(answer(status, { retryAfterMs: 2_000 }));
    for (let at = 0; at < 3; at += 1) await sent.end(answer());
    expect(server.figures).toMatchObject({ limit: 2, inFlight: 0, waiting: 5, refusals: 1 });
    await time.advance(1_999);
    expect(sent.names).toHaveLength(4);
    await time.advance(1);
    expect(sent.names).toHaveLength(6);
  });

  it('does not make all wait for a pause that is long, and takes no answer in time for a refusal', async () => {
    const server = new ServerLimits().join(SERVER, bounds());
    const [first, second] = [await server.enter(request()), await server.enter(request())];
    await time.advance(10);
    first.answered(answer(429, { retryAfterMs: 60_000 }));
    await time.advance(10);
    const third = await server.enter(request());
    await time.advance(30_000);
    second.failed(new SoarApiError('refused', { code: 'connection-refused' }));
    expect(server.figures).toMatchObject({ limit: 2, refusals: 1 });
    third.failed(new SoarApiError('no answer in time', { code: 'timeout' }));
    expect(server.figures).toMatchObject({ limit: 1, refusals: 2, inFlight: 0 });
  });

  it('learns nothing from files, whose time depends on their size', async () => {
    const server = new ServerLimits().join(SERVER, bounds());
    const upload = { file: { name: 'a', open: async () => Readable.from([]) }, fields: {} };
    const pass = await server.enter({ ...request(), upload });
    pass.answered(answer());
    expect(server.figures.latencyMs).toBeUndefined();
    expect(server.figures.inFlight).toBe(0);
  });
});
