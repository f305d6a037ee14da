import { parseJson, writeJson } from '@soar-feed/core';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

export interface Reply {
  readonly status: number;
  /** Text as it is; anything else as JSON. */
  readonly body: unknown;
  readonly contentType?: string;
}

/** `GET /status` → what answers it; `body` is the request's JSON. Never throws: a fault is an answer, too. */
export type Routes = Readonly<Record<string, (body: unknown) => Reply | Promise<Reply>>>;

/** A selection is a few words. */
const MAX_BODY_BYTES = 64 * 1024;

/** A server for a few routes, not listening yet. */
export function serveRoutes(routes: Routes): Server {
  return createServer((request, response) => {
    void answer(routes, request).then((reply) => send(response, reply));
  });
}

async function answer(routes: Routes, request: IncomingMessage): Promise<Reply> {
  const { method = 'GET', url = '/' } = request;
  const path = url.split('?')[0] ?? '/';
  const route = routes[`${method} ${path}`];
  if (route === undefined) {
    return {
      status: 404,
      body: { error: `There is no ${method} ${path}; there is: ${Object.keys(routes).join(', ')}.` },
    };
  }
  const body = await readJson(request);
  return body === undefined ? { status: 400, body: { error: 'The body is not JSON, or too long.' } } : route(body);
}

/** `{}` where there is no body; `undefined` where it cannot be read. */
async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  try {
    for await (const chunk of request.setEncoding('utf8')) {
      text += String(chunk);
      if (text.length > MAX_BODY_BYTES) return undefined;
    }
    return text === '' ? {} : (parseJson(text) as unknown);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, body, contentType }: Reply): void {
  const isText = typeof body === 'string';
  response.writeHead(status, {
    'content-type': contentType ?? (isText ? 'text/plain; charset=utf-8' : 'application/json'),
  });
  response.end(isText ? body : `${writeJson(body)}\n`);
}
