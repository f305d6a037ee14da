import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { SoarConnection } from '../../src/index.js';
import { makeTestCertificate } from './certificate.js';
import type { TestCertificate } from './certificate.js';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The JSON body; empty where a handler took the stream itself. */
  body: unknown;
}

export type Handler = (call: Call) => unknown;

export const ORG = { id: 201, name: 'Test Org', uuid: 'b5e2', cloud_account: 'cloud-1', enabled: true };

/**
 * A real HTTPS server whose answers a test writes line by line. A handler's return value is the JSON answer;
 * `undefined` means that it answered by itself. A list of handlers serves one request each, the last one all others.
 */
export class ScriptedServer {
  readonly calls: Call[] = [];
  private readonly routes = new Map<string, Handler[]>();

  static async start(): Promise<ScriptedServer> {
    const certificate = await makeTestCertificate();
    // Keeps idle connections longer than any test runs, so that only the client closes one.
    const server = createServer({ key: certificate.key, cert: certificate.cert, keepAliveTimeout: 60_000 });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScriptedServer(server, certificate);
  }

  private constructor(
    private readonly server: Server,
    private readonly certificate: TestCertificate,
  ) {
    server.on('request', (request, response) => void this.serve(request, response));
    this.reset();
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get cafile(): string {
    return this.certificate.cafile;
  }

  /** Forgets all routes and calls, and restores the login by API key and the organization. */
  reset(): void {
    this.calls.length = 0;
    this.routes.clear();
    this.on('GET /rest/session', () => ({ orgs: [ORG], api_key_handle: 7, display_name: 'feeder' }));
    this.on('GET /rest/orgs/201', () => ({ actions_framework_enabled: true }));
  }

  on(route: string, ...handlers: Handler[]): void {
    this.routes.set(route, handlers);
  }

  hits(route: string): Call[] {
    return this.calls.filter((call) => `${call.method} ${call.path}` === route);
  }

  connection(more: Partial<SoarConnection> = {}): SoarConnection {
    return {
      host: '127.0.0.1',
      port: this.port,
      cafile: this.cafile,
      apiKeyId: 'key-id',
      apiKeySecret: 'key-secret',
      retries: { max: 2, delayMs: 5, backoff: 2 },
      timeoutMs: 5_000,
      ...more,
    };
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.certificate.remove();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'https://server');
    const call: Call = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      request,
      response,
      body: undefined,
    };
    this.calls.push(call);
    const handlers = this.routes.get(`${call.method} ${call.path}`) ?? [() => fail(call, 404, 'Unable to find object')];
    const handler = handlers.length > 1 ? handlers.shift() : handlers[0];
    if (!request.headers['content-type']?.startsWith('multipart/')) call.body = await jsonBody(request);
    const answer = await handler?.(call);
    if (answer === undefined) return;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(answer));
  }
}

/** The platform's error body. */
export function fail(call: Call, status: number, message: string, hints: string[] = []): undefined {
  call.response.writeHead(status, { 'content-type': 'application/json' });
  call.response.end(JSON.stringify({ success: false, title: null, message, hints, error_code: 'generic' }));
  return undefined;
}

export function status(code: number, headers: Record<string, string> = {}, body = ''): Handler {
  return ({ response }) => void response.writeHead(code, headers).end(body);
}

/** Cuts the connection; what the handler did before stays done. */
export function reset(call: Call): undefined {
  call.request.socket.destroy();
  return undefined;
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  } catch {
    return undefined; // the client went away
  }
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
