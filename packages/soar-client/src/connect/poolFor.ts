import { Pool } from 'undici';
import type { Dispatcher } from 'undici';
import { Connector } from './Connector.js';
import type { Dial } from './Dial.js';
import { placeOf } from './hostName.js';
import { openTunnel } from './openTunnel.js';
import { proxyFor } from './proxyFor.js';
import type { SoarConnection } from './SoarConnection.js';
import { checkPem, readPem, trustOf } from './trust.js';

const DEFAULT_MAX_SOCKETS = 32;

/**
 * We close an idle connection before any server does: a request written to a connection that the server is closing has
 * an unknown outcome. Servers wait 5 s or more.
 */
const IDLE_SOCKET_MS = 4_000;

export interface SoarPool {
  readonly dispatcher: Dispatcher;
  /** Closes every connection, also one that is being opened; requests in progress fail. */
  close(): void;
}

/** The pool of TLS connections to the server, through a proxy if there is one. */
export function poolFor(connection: SoarConnection, dial?: Dial): SoarPool {
  const { host, port = 443, cafile, clientCert, maxSockets = DEFAULT_MAX_SOCKETS, timeoutMs = 30_000 } = connection;
  const tls = { ...trustOf(cafile), ...(clientCert === undefined ? {} : clientIdentity(clientCert)) };
  const proxy = dial === undefined ? proxyFor(connection, process.env) : undefined;
  const place = placeOf(host, port);
  const connector = new Connector({
    host,
    port,
    tls,
    timeoutMs,
    ...(dial === undefined ? {} : { dial }),
    ...(proxy === undefined ? {} : { tunnel: () => openTunnel(proxy, place, tls, timeoutMs) }),
  });
  const pool = new Pool(`https://${place}`, {
    connect: connector.connect,
    connections: maxSockets,
    keepAliveTimeout: IDLE_SOCKET_MS,
    // A server may ask for less, not for more.
    keepAliveMaxTimeout: IDLE_SOCKET_MS,
    // The connector limits the silence on a connection in both directions; the pool would watch answers only.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    dispatcher: pool,
    close: () => {
      connector.close();
      void pool.destroy();
    },
  };
}

function clientIdentity({ certFile, keyFile }: NonNullable<SoarConnection['clientCert']>): {
  cert: string;
  key: string;
} {
  const identity = { cert: readPem(certFile, 'clientCert'), key: readPem(keyFile, 'clientCert') };
  checkPem('clientCert', `${certFile} and ${keyFile}`, identity);
  return identity;
}
