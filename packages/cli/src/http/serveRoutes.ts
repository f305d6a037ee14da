import { parseJson, writeJson } from '@soar-feed/core';
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Duplex } from 'node:stream';

export interface Reply {
  readonly status: number;
  /** Text is sent as it is, a stream as it comes, anything else as JSON. */
  readonly body: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What was asked, beside the body. */
export interface Asked {
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** `GET /status` → its handler; `body` is the JSON of the request, or the fields of its form. */
export type Routes = Readonly<Record<string, (body: unknown, asked: Asked) => Reply | Promise<Reply>>>;

export interface ServeOptions {
  /** Whether a request with this `Host` header is answered; default: always. */
  readonly answersTo?: (hostHeader: string) => boolean;
  /** Called with what a route threw; the client gets a 500. */
  readonly onFault: (error: unknown) => void;
}

/** A selection is a few words. */
const MAX_BODY_BYTES = 64 * 1024;

/** No answer is kept, and none is taken for something else than it is. */
const ALWAYS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/** A server for a few routes, not listening yet. No request ends the process: every error becomes an answer. */
export function serveRoutes(routes: Routes, options: ServeOptions): Server {
  const server = createServer((request, response) => {
    for (const stream of [request, response]) stream.on('error', () => undefined); // the client went away
    answer(routes, request, options)
      .then((reply) => send(response, reply))
      .catch((error: unknown) => {
        options.onFault(error);
        failed(response);
      });
  });
  // Not HTTP, or headers that are much too large.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => refuse(socket, error));
  return server;
}

async function answer(routes: Routes, request: IncomingMessage, { answersTo }: ServeOptions): Promise<Reply> {
  const { method = 'GET', url = '/' } = request;
  const { host } = request.headers;
  // A web page can make any name point to this address, and could then read our answer.
  if (host !== undefined && answersTo !== undefined && !answersTo(host)) {
    const error = `This host is not known as ${JSON.stringify(host.slice(0, 200))}; [feeds] status_hosts may name it.`;
    return { status: 403, body: { error } };
  }
  const [path = '/', query = ''] = url.split('?', 2);
  const name = `${method} ${path}`;
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route === undefined) {
    const error = `There is no ${name.slice(0, 200)}; available: ${Object.keys(routes).join(', ')}.`;
    return { status: 404, body: { error } };
  }
  const body = await readBody(request);
  if (body === undefined) return { status: 400, body: { error: 'The body is not JSON, or too long.' } };
  return route(body, { query: new URLSearchParams(query), headers: request.headers });
}

/** `{}` if there is no body; `undefined` if it cannot be read. */
async function readBody(request: IncomingMessage): Promise<unknown> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > MAX_BODY_BYTES) return undefined;
    }
    if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true)
      return Object.fromEntries(new URLSearchParams(text));
    return text === '' ? {} : parseJson(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body, contentType, headers }: Reply): void {
  if (body instanceof Readable) {
    response.writeHead(status, { ...ALWAYS, ...headers, 'content-type': contentType });
    response.flushHeaders();
    // Whoever goes away ends the stream.
    response.once('close', () => body.destroy());
    body.pipe(response);
    return;
  }
  const isText = typeof body === 'string';
  const text = isText ? body : `${writeJson(body)}\n`;
  response.writeHead(status, {
    ...ALWAYS,
    ...headers,
    'content-type': contentType ?? (isText ? 'text/plain; charset=utf-8' : 'application/json'),
  });
  response.end(text);
}

function failed(response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(500, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ error: 'The host could not answer; its log says why.' })}\n`);
}

function refuse(socket: Duplex, { code }: NodeJS.ErrnoException): void {
  if (code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\n\r\n`);
}
