import type { Duplex } from 'node:stream';
import type { Tls } from './trust.js';
import { Client } from 'undici';
import { after } from '../timers/after.js';
import { TimedOut } from './TimedOut.js';

/** The proxy answered, and opened no tunnel. */
export class ProxyRefused extends Error {
  constructor(readonly status: number) {
    super(`the proxy answered ${status}`);
  }
}

/** A connection to `place` through an HTTP proxy (CONNECT). `tls` is for a proxy that is itself spoken to over TLS. */
export async function openTunnel(proxy: URL, place: string, tls: Tls, timeoutMs: number): Promise<Duplex> {
  const client = new Client(proxy.origin, {
    connect: { ...tls, timeout: timeoutMs },
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const late = new TimedOut(`the proxy opened no tunnel within ${timeoutMs} ms`);
  const cancel = after(timeoutMs, () => void client.destroy(late));
  try {
    const { statusCode, socket } = await client.connect({ path: place, headers: { host: place, ...loginAt(proxy) } });
    if (statusCode === 200) return socket;
    socket.on('error', () => undefined).destroy();
    throw new ProxyRefused(statusCode);
  } finally {
    cancel();
    // The tunnel itself is no longer the client's.
    if (!client.destroyed) void client.destroy();
  }
}

function loginAt({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}
