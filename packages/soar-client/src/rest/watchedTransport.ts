import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { after } from '../timers/after.js';

/** What was observed of one request. */
export interface Seen {
  /** The connection was established and ours: from here on the server may have received the request. */
  sent: boolean;
  timedOut: boolean;
  /** When the connection was established and ours; ms, our clock. */
  sentAtMs?: number;
  /** When the head of the answer arrived; ms, our clock. */
  answeredAtMs?: number;
  /** The proxy's answer when it refused the tunnel. */
  proxyStatus?: number;
}

export interface WatchedTransport {
  readonly seen: Seen;
  readonly transport: {
    request(options: RequestOptions, onResponse: (response: IncomingMessage) => void): ClientRequest;
  };
}

/** Connecting (TCP and TLS) may take this long, ms, or the request's own timeout when that is shorter. */
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * The transport under axios, for the one fact that axios does not report and that decides what may be repeated: was the
 * TLS connection to the server established before it failed? It also limits the time to connect, which a socket's own
 * timeout does not cover.
 */
export function watchedTransport(timeoutMs: number): WatchedTransport {
  const seen: Seen = { sent: false, timedOut: false };
  return {
    seen,
    transport: {
      request(options, onResponse) {
        const request = httpsRequest(withoutRedirects(options), (response) => {
          seen.answeredAtMs = Date.now();
          onResponse(response);
        });
        request.on('proxyConnect', (answer: { statusCode: number }) => {
          if (answer.statusCode !== 200) seen.proxyStatus = answer.statusCode;
        });
        request.on('timeout', () => {
          seen.timedOut = true;
          request.destroy(new Error(`no data for ${timeoutMs} ms`));
        });
        request.on('socket', (socket) =>
          watchConnecting(request, socket, seen, Math.min(timeoutMs, CONNECT_TIMEOUT_MS)),
        );
        return request;
      },
    },
  };
}

/**
 * A connection keeps the options of its first request as long as it is open, and axios' functions for redirects, which
 * we never follow, hold that request and its whole answer.
 */
function withoutRedirects(options: RequestOptions): RequestOptions {
  return { ...options, beforeRedirect: undefined, beforeRedirects: undefined } as RequestOptions;
}

/** Established TLS connections. A connection from the pool emits no more connect events for the next request. */
const standing = new WeakSet<Duplex>();

function watchConnecting(request: ClientRequest, socket: Duplex, seen: Seen, connectTimeoutMs: number): void {
  // Otherwise it is the stand-in that https-proxy-agent gives when the proxy refused.
  if (!('encrypted' in socket)) return;
  const sent = (): void => {
    seen.sent = true;
    seen.sentAtMs = Date.now();
  };
  if (standing.has(socket)) return sent();
  const cancel = after(connectTimeoutMs, () => {
    seen.timedOut = true;
    request.destroy(new Error(`no connection within ${connectTimeoutMs} ms`));
  });
  socket.once('secureConnect', () => {
    standing.add(socket);
    cancel();
    sent();
  });
  request.once('close', () => cancel());
}
