import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { parseJson, writeJson } from '@soar-feed/core';
import { matches } from './matches.js';
import { Refusal, StoredIndex } from './StoredIndex.js';
import type { Property, Source } from './StoredIndex.js';

export interface SearchServerOptions {
  readonly flavour: 'elasticsearch' | 'opensearch';
  /** Value that the `authorization` header must have. */
  readonly authorization?: string;
  /** Speaks TLS with this key and certificate. */
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca?: string };
  readonly port?: number;
}

interface Item {
  readonly index: string;
  readonly id: string;
  readonly source: Source | undefined;
}

interface Fault {
  readonly on: (path: string) => boolean;
  readonly status: number;
  readonly body: object;
  left: number;
  hits: number;
}

/** A double of Elasticsearch or OpenSearch: keeps documents and versions, answers per item, and fails on demand. */
export class SearchServer {
  readonly indices = new Map<string, StoredIndex>();
  readonly templates = new Map<string, unknown>();
  readonly requests: { readonly method: string; readonly path: string; readonly bytes: number }[] = [];
  /** What was wrong with requests; a test expects none. */
  readonly complaints: string[] = [];
  /** An error for one item of a bulk request. */
  refuse: (item: Item) => Refusal | undefined = () => undefined;
  /** After so many more items, the bulk request that holds them is not answered any more. */
  stopAfterItems = Infinity;
  onStopped: () => void = () => undefined;
  silent = false;
  maxBytes = Infinity;
  private readonly faults: Fault[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly waiting: (() => void)[] = [];
  private server: Server | undefined;
  private port: number;

  constructor(readonly options: SearchServerOptions) {
    this.port = options.port ?? 0;
  }

  static async start(options: SearchServerOptions): Promise<SearchServer> {
    const server = new SearchServer(options);
    await server.listen();
    return server;
  }

  get url(): string {
    return `${this.options.tls === undefined ? 'http' : 'https'}://localhost:${this.port}`;
  }

  async listen(): Promise<void> {
    const { tls } = this.options;
    const take = (request: IncomingMessage, response: ServerResponse): void => void this.take(request, response);
    const mutual = tls?.ca === undefined ? {} : { requestCert: true, rejectUnauthorized: true };
    const server = tls === undefined ? createServer(take) : createTlsServer({ ...tls, ...mutual }, take);
    server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(this.port, 'localhost', resolve));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  async stop(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    for (const socket of this.sockets) socket.destroy();
    await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())));
  }

  /** Whether every client lets go within a second. */
  async alone(): Promise<boolean> {
    for (let tries = 0; this.sockets.size > 0 && tries < 100; tries += 1)
      await new Promise((done) => setTimeout(done, 10));
    return this.sockets.size === 0;
  }

  /** Answers the next requests of such a path with a failure. */
  fail(on: string | ((path: string) => boolean), status: number, body: object = {}, times = 1): Fault {
    const fault = {
      on: typeof on === 'string' ? (path: string) => path.endsWith(on) : on,
      status,
      body,
      left: times,
      hits: 0,
    };
    this.faults.push(fault);
    return fault;
  }

  nextRequest(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  index(name: string): StoredIndex {
    const there = this.indices.get(name) ?? new StoredIndex(name);
    this.indices.set(name, there);
    return there;
  }

  /** The documents of an index by id. */
  sources(name: string): ReadonlyMap<string, Source> {
    const docs = [...(this.indices.get(name)?.docs ?? [])];
    return new Map(docs.flatMap(([id, { source }]) => (source === undefined ? [] : [[id, source]])));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    try {
      for await (const piece of request) pieces.push(piece as Buffer);
    } catch {
      return; // the client let go
    }
    const text = Buffer.concat(pieces).toString('utf8');
    const { method = '', url = '' } = request;
    const path = url.replace(/\?.*/, '');
    this.requests.push({ method, path, bytes: text.length });
    for (const wake of this.waiting.splice(0)) wake();
    if (this.silent) return;
    this.checkMedia(request, path, text);
    const { status, body } = this.answerTo(request, method, path, text);
    if (status === 0) return;
    const json = writeJson(body);
    const product = this.options.flavour === 'elasticsearch' ? { 'x-elastic-product': 'Elasticsearch' } : {};
    const isOwn = String(request.headers.accept ?? '').includes('vnd.elasticsearch');
    const type = isOwn ? 'application/vnd.elasticsearch+json;compatible-with=8' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...product });
    response.end(method === 'HEAD' ? '' : json);
  }

  private checkMedia({ headers }: IncomingMessage, path: string, text: string): void {
    const isLines = path === '/_bulk' || path === '/_msearch';
    const type = String(headers['content-type'] ?? '').replaceAll(' ', '');
    const media = isLines ? 'x-ndjson' : 'json';
    const wanted =
      this.options.flavour === 'elasticsearch'
        ? `application/vnd.elasticsearch+${media};compatible-with=8`
        : `application/${media}`;
    if (text !== '' && type !== wanted) this.complaints.push(`${path}: content type ${type}, not ${wanted}`);
    if (isLines && !text.endsWith('\n')) this.complaints.push(`${path}: does not end with a line break`);
  }

  private answerTo(
    request: IncomingMessage,
    method: string,
    path: string,
    text: string,
  ): { status: number; body: object } {
    const { authorization } = this.options;
    if (authorization !== undefined && request.headers.authorization !== authorization) {
      return { status: 401, body: refused(401, 'security_exception', 'unable to authenticate') };
    }
    const fault = this.faults.find(({ on, left }) => left > 0 && on(path));
    if (fault !== undefined) {
      fault.left -= 1;
      fault.hits += 1;
      return { status: fault.status, body: fault.body };
    }
    if (Buffer.byteLength(text) > this.maxBytes) return { status: 413, body: {} };
    try {
      const body = this.route(method, path, text, request.url ?? '');
      return body === undefined ? { status: 0, body: {} } : { status: 200, body };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: refused(error.status, error.type, error.reason) };
    }
  }

  private route(method: string, path: string, text: string, url: string): object | undefined {
    if (path === '/') return this.about();
    if (path === '/_bulk') return this.bulk(linesOf(text));
    if (path === '/_mget') {
      return this.mget(parseJson(text) as Parameters<SearchServer['mget']>[0], includes(url));
    }
    if (path === '/_msearch') return this.msearch(linesOf(text));
    const [, name = '', what] = path.split('/').map(decodeURIComponent);
    if (name === '_index_template') return this.template(what ?? '', parseJson(text));
    if (what === '_refresh') {
      for (const one of name.split(',')) this.indices.get(one)?.refresh();
      return {};
    }
    if (method === 'PUT' && what === undefined) return this.make(name, text);
    const index = this.indices.get(name);
    if (index === undefined) throw new Refusal(404, 'index_not_found_exception', `no such index [${name}]`);
    if (what === '_mapping') {
      if (method === 'GET') return { [name]: { mappings: { dynamic: index.dynamic, properties: index.properties } } };
      index.map(parseJson(text) as Parameters<StoredIndex['map']>[0]);
      return { acknowledged: true };
    }
    if (method === 'PUT') index.limit = Number((parseJson(text) as Source)['index.mapping.total_fields.limit']);
    const limit = { 'index.mapping.total_fields.limit': String(index.limit) };
    return { [name]: { settings: index.limit === 1_000 ? {} : limit } };
  }

  private about(): object {
    return this.options.flavour === 'elasticsearch'
      ? { version: { number: '8.19.2' }, tagline: 'You Know, for Search' }
      : {
          version: { number: '2.19.0', distribution: 'opensearch' },
          tagline: 'The OpenSearch Project: https://opensearch.org/',
        };
  }

  private template(name: string, template: unknown): object {
    this.templates.set(name, template);
    return { acknowledged: true };
  }

  private make(name: string, text: string): object {
    if (name !== name.toLowerCase() || /[\\/*?"<>| ,#:]|^[_+-]/.test(name)) {
      throw new Refusal(400, 'invalid_index_name_exception', `Invalid index name [${name}]`);
    }
    if (this.indices.has(name)) throw new Refusal(400, 'resource_already_exists_exception', `index [${name}] exists`);
    const { settings, mappings } = parseJson(text) as {
      settings: Source;
      mappings: { properties: Record<string, Property> };
    };
    const index = new StoredIndex(name);
    index.limit = Number(settings['index.mapping.total_fields.limit'] ?? 1_000);
    index.map(mappings);
    this.indices.set(name, index);
    return { acknowledged: true };
  }

  private bulk(lines: readonly unknown[]): object | undefined {
    const items: object[] = [];
    for (let at = 0; at < lines.length; at += 1) {
      const [operation, target] = Object.entries(lines[at] as object)[0] as [string, Record<string, string>];
      const source = operation === 'index' ? (lines[(at += 1)] as Source) : undefined;
      items.push({ [operation]: this.writeItem(target, source) });
      this.stopAfterItems -= 1;
      if (this.stopAfterItems > 0) continue;
      this.silent = true;
      this.onStopped();
      return undefined;
    }
    return { took: 1, errors: items.some((item) => 'error' in (Object.values(item)[0] as object)), items };
  }

  private writeItem(target: Record<string, unknown>, source: Source | undefined): object {
    const { _index: name, _id: id, version, version_type: type } = target as Record<string, string>;
    const place = { _index: name, _id: id };
    try {
      if (type !== 'external_gte') throw new Refusal(400, 'action_request_validation_exception', 'external_gte wanted');
      const refusal = this.refuse({ index: String(name), id: String(id), source });
      if (refusal !== undefined) throw refusal;
      const result = this.index(String(name)).write(String(id), Number(version), source);
      const status = result === 'created' ? 201 : result === 'not_found' ? 404 : 200;
      return { ...place, _version: Number(version), result, status };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { ...place, status: error.status, error: { type: error.type, reason: error.reason } };
    }
  }

  private mget(
    { docs }: { docs: readonly { _index: string; _id: string }[] },
    isIncluded: (field: string) => boolean,
  ): object {
    return {
      docs: docs.map(({ _index, _id }) => {
        const stored = this.indices.get(_index)?.docs.get(_id);
        if (stored?.source === undefined) return { _index, _id, found: false };
        const source = Object.fromEntries(Object.entries(stored.source).filter(([field]) => isIncluded(field)));
        return { _index, _id, found: true, _version: stored.version, _source: source };
      }),
    };
  }

  private msearch(lines: readonly unknown[]): object {
    const responses = [];
    for (let at = 0; at < lines.length; at += 2) {
      const { index: name } = lines[at] as { index: string };
      const {
        query,
        size,
        search_after: [after = -Infinity] = [],
      } = lines[at + 1] as {
        query: Source;
        size: number;
        search_after?: readonly number[];
      };
      const hits = [...(this.indices.get(name)?.searchable ?? [])]
        .flatMap(([id, { version, source = {} }]) =>
          matches(query, source)
            ? [{ _index: name, _id: id, _version: version, _source: source, sort: [Number(source['id'])] }]
            : [],
        )
        .filter(({ sort: [id = 0] }) => id > after)
        .sort((a, b) => (a.sort[0] ?? 0) - (b.sort[0] ?? 0));
      responses.push({ hits: { hits: hits.slice(0, size) } });
    }
    return { responses };
  }
}

/** The fields that `_source_includes` names, with or without a `*` at the end. */
function includes(url: string): (field: string) => boolean {
  const names = new URL(url, 'http://x').searchParams.get('_source_includes')?.split(',');
  return (field) =>
    names === undefined ||
    names.some((name) => name === field || (name.endsWith('*') && field.startsWith(name.slice(0, -1))));
}

function linesOf(text: string): readonly unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => parseJson(line));
}

function refused(status: number, type: string, reason: string): object {
  return { error: { type, reason, root_cause: [{ type, reason }] }, status };
}
