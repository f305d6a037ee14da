import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { parseJson } from '@soar-feed/core';
import { jsonObjects } from './jsonObjects.js';

export interface Indexed {
  readonly event: Readonly<Record<string, unknown>>;
  readonly time: string;
  readonly host: string;
  readonly sourcetype: string;
  readonly source?: string;
  readonly index?: string;
  readonly fields?: Readonly<Record<string, string>>;
}

export interface SplunkServerOptions {
  readonly token: string;
  /** Whether the token has indexer acknowledgement on. */
  readonly ack?: boolean;
  readonly indexes?: readonly string[];
  readonly tls?: { readonly key: string; readonly cert: string };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const TEXTS: ReadonlyMap<number, readonly [number, string]> = new Map([
  [0, [200, 'Success']],
  [1, [403, 'Token disabled']],
  [2, [401, 'Token is required']],
  [3, [401, 'Invalid authorization']],
  [4, [403, 'Invalid token']],
  [5, [400, 'No data']],
  [6, [400, 'Invalid data format']],
  [7, [400, 'Incorrect index']],
  [8, [500, 'Internal server error']],
  [9, [503, 'Server is busy']],
  [10, [400, 'Data channel is missing']],
  [11, [400, 'Invalid data channel']],
  [12, [400, 'Event field is required']],
  [13, [400, 'Event field cannot be blank']],
  [14, [400, 'ACK is disabled']],
  [15, [400, 'Error in handling indexed fields']],
  [18, [503, 'Queue is full']],
  [23, [503, 'Server is shutting down']],
]);

/** A double of a Splunk HTTP Event Collector: its codes, its acknowledgements, its queues; keeps what it indexed. */
export class SplunkServer {
  /** What a search finds, in the order of arrival. */
  readonly indexed: Indexed[] = [];
  readonly requests: {
    readonly path: string;
    readonly bytes: number;
    readonly isPacked: boolean;
    readonly cookie: string;
  }[] = [];
  /** What it answers instead, while it is set: a code. */
  code: number | undefined;
  /** Answers like somebody else, while it is set. */
  stranger: { readonly status: number; readonly body: string } | undefined;
  silent = false;
  maxBytes = Infinity;
  /** Events are taken and not indexed, so nothing is acknowledged. */
  isStuck = false;
  /** Forgets acknowledgements before anybody asked. */
  isForgetful = false;
  refuse: (event: Indexed) => boolean = () => false;
  /** After so many more events, nothing is answered any more. */
  stopAfterEvents = Infinity;
  onStopped: () => void = () => undefined;
  private readonly acks = new Map<string, { readonly events: readonly Indexed[]; done: boolean }>();
  private nextAck = 0;
  private readonly sockets = new Set<Socket>();
  private readonly waiting: (() => void)[] = [];
  private server: Server | undefined;
  port = 0;

  constructor(readonly options: SplunkServerOptions) {}

  static async start(options: SplunkServerOptions): Promise<SplunkServer> {
    const server = new SplunkServer(options);
    await server.listen();
    return server;
  }

  async listen(): Promise<void> {
    const { tls } = this.options;
    const take = (request: IncomingMessage, response: ServerResponse): void => void this.take(request, response);
    const server = tls === undefined ? createServer(take) : createTlsServer(tls, take);
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, 'localhost', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Goes away. With acknowledgements, what was not indexed is lost, and ids are counted anew. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.acks.clear();
    this.nextAck = 0;
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  /** Whether every client lets go within a second. */
  async alone(): Promise<boolean> {
    for (let tries = 0; this.sockets.size > 0 && tries < 100; tries += 1)
      await new Promise((done) => setTimeout(done, 10));
    return this.sockets.size === 0;
  }

  nextRequest(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** The present state of each object, as the search of the docs finds it: the highest version, if that is no delete. */
  latest(): ReadonlyMap<string, Indexed> {
    const newest = new Map<string, Indexed>();
    for (const one of this.indexed) {
      const { soar_key: key = '', soar_version: version } = one.fields ?? {};
      const before = newest.get(key)?.fields?.['soar_version'];
      if (before === undefined || Number(version) >= Number(before)) newest.set(key, one);
    }
    return new Map([...newest].filter(([, { fields }]) => fields?.['soar_op'] !== 'delete'));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return; // the client let go
    }
    const raw = Buffer.concat(pieces);
    const isPacked = request.headers['content-encoding'] === 'gzip';
    const { pathname } = new URL(request.url ?? '', 'http://x');
    this.requests.push({ path: pathname, bytes: raw.length, isPacked, cookie: request.headers.cookie ?? '' });
    for (const wake of this.waiting.splice(0)) wake();
    if (this.silent) return;
    if (this.stranger !== undefined) {
      response.writeHead(this.stranger.status, { 'content-type': 'text/html' }).end(this.stranger.body);
      return;
    }
    const answer = this.answerTo(request, pathname, isPacked ? gunzipSync(raw).toString() : raw.toString());
    if (answer === undefined) return;
    response.writeHead(answer.status, { 'content-type': 'application/json', 'set-cookie': 'node=a1; Path=/' });
    response.end(JSON.stringify(answer.body));
  }

  private answerTo({ headers, url }: IncomingMessage, path: string, text: string): Answer | undefined {
    const { authorization } = headers;
    if (authorization === undefined) return said(2);
    if (!authorization.startsWith('Splunk ')) return said(3);
    if (authorization !== `Splunk ${this.options.token}`) return said(4);
    if (this.code !== undefined) return said(this.code);
    if (Buffer.byteLength(text) > this.maxBytes) return { status: 413, body: { text: 'Content is too large' } };
    const ofUrl = new URL(url ?? '', 'http://x').searchParams.get('channel');
    const channel = headers['x-splunk-request-channel'] ?? ofUrl ?? undefined;
    if (path === '/services/collector/ack') return this.answerAcks(String(channel), text);
    if (path !== '/services/collector/event') return { status: 404, body: { text: 'no such page' } };
    if (this.options.ack === true && channel === undefined) return said(10);
    if (channel !== undefined && !UUID.test(String(channel))) return said(11);
    return this.takeEvents(String(channel), text);
  }

  private takeEvents(channel: string, text: string): Answer | undefined {
    const objects = jsonObjects(text);
    if (objects.length === 0) return said(5);
    const taken: Indexed[] = [];
    for (const [at, object] of objects.entries()) {
      const code = this.problemOf(object);
      // What came before is taken all the same, and nobody acknowledges it.
      if (code !== undefined) {
        this.indexed.push(...taken);
        return said(code, { 'invalid-event-number': at });
      }
      taken.push(parseJson(object) as Indexed);
      this.stopAfterEvents -= 1;
      if (this.stopAfterEvents > 0) continue;
      this.indexed.push(...taken);
      this.silent = true;
      this.onStopped();
      return undefined;
    }
    if (this.options.ack !== true) {
      this.indexed.push(...taken);
      return said(0);
    }
    const ackId = this.nextAck++;
    const entry = { events: taken, done: false };
    this.acks.set(`${channel}/${ackId}`, entry);
    if (!this.isStuck) this.index(entry);
    return said(0, { ackId });
  }

  /** What is stuck gets through. */
  unstick(): void {
    this.isStuck = false;
    for (const entry of this.acks.values()) if (!entry.done) this.index(entry);
  }

  private index(entry: { readonly events: readonly Indexed[]; done: boolean }): void {
    this.indexed.push(...entry.events);
    entry.done = true;
  }

  private problemOf(object: string): number | undefined {
    let parsed: Partial<Indexed>;
    try {
      parsed = parseJson(object) as Partial<Indexed>;
    } catch {
      return 6;
    }
    if (this.refuse(parsed as Indexed)) return 6;
    if (parsed.event === undefined) return 12;
    if ((parsed.event as unknown) === '') return 13;
    if (parsed.index !== undefined && this.options.indexes?.includes(parsed.index) !== true) return 7;
    const values = Object.values(parsed.fields ?? {});
    return values.some((value) => typeof value === 'object') ? 15 : undefined;
  }

  private answerAcks(channel: string, text: string): Answer {
    if (this.options.ack !== true) return said(14);
    const { acks } = JSON.parse(text) as { acks: readonly number[] };
    const answers = acks.map((id) => {
      const name = `${channel}/${id}`;
      const isDone = this.acks.get(name)?.done === true && !this.isForgetful;
      // An id that was answered true is forgotten.
      if (isDone) this.acks.delete(name);
      return [String(id), isDone];
    });
    return { status: 200, body: { acks: Object.fromEntries(answers) as object } };
  }
}

function said(code: number, more: object = {}): Answer {
  const [status, text] = TEXTS.get(code) ?? [500, 'Unknown'];
  return { status, body: { text, code, ...more } };
}
