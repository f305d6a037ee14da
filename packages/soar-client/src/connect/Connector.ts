import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as overTls } from 'node:tls';
import type { TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import { after } from '../timers/after.js';
import type { Dial } from './Dial.js';
import { bareHost } from './hostName.js';
import { TimedOut } from './TimedOut.js';
import type { Tls } from './trust.js';

/** Connecting (TCP and TLS) may take this long, ms, or the request's own timeout when that is shorter. */
const CONNECT_TIMEOUT_MS = 15_000;

export interface ConnectorSetup {
  readonly host: string;
  readonly port: number;
  readonly tls: Tls;
  /** Longest silence on a connection during a request, ms. */
  readonly timeoutMs: number;
  readonly dial?: Dial;
  /** Opens the connection below TLS, where that is not our own. */
  readonly tunnel?: () => Promise<Duplex>;
}

/** What undici's connections are, beside streams. */
type Connection = Duplex & { setTimeout(ms: number): unknown };

/** Opens the connections of a pool, each with its limits of time. */
export class Connector {
  /** TLS need not negotiate everything anew with a server that it knows. */
  private session: Buffer | undefined;
  private readonly opening = new Set<Duplex>();

  constructor(private readonly setup: ConnectorSetup) {}

  readonly connect: buildConnector.connector = (_, done) => {
    this.open().then(
      (connection) => done(null, connection as TLSSocket),
      (error: unknown) => done(final(error), null),
    );
  };

  /** Gives up what is being opened. */
  close(): void {
    for (const connection of this.opening) connection.destroy(new Error('the client was closed'));
  }

  private async open(): Promise<Duplex> {
    const { host, port, tls, timeoutMs, dial = overTls, tunnel } = this.setup;
    const name = bareHost(host);
    const below = await tunnel?.();
    const connection = dial({
      ...{ host: name, port, ALPNProtocols: ['http/1.1'], ...tls },
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(below === undefined ? {} : { socket: below }),
      ...(this.session === undefined ? {} : { session: this.session }),
    }) as Connection;
    connection.on('session', (session: Buffer) => (this.session = session));
    this.opening.add(connection);
    try {
      await established(connection, Math.min(timeoutMs, CONNECT_TIMEOUT_MS));
    } catch (error) {
      this.session = undefined;
      throw error;
    } finally {
      this.opening.delete(connection);
    }
    connection.on('timeout', () => connection.destroy(new TimedOut(`no data for ${timeoutMs} ms`)));
    connection.setTimeout(timeoutMs);
    return connection;
  }
}

function established(connection: Duplex, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = after(timeoutMs, () => connection.destroy(new TimedOut(`no connection within ${timeoutMs} ms`)));
    const fail = (error: Error): void => {
      cancel();
      reject(error);
    };
    connection.once('secureConnect', () => {
      cancel();
      resolve();
    });
    // Stays: between this connection's start and the pool's taking it, nobody else listens.
    connection.on('error', fail);
    connection.once('close', () => fail(new Error('the connection was closed before it was established')));
  });
}

/**
 * undici opens another connection, without end, if connecting fails with one of its own codes for a connection that
 * was lost; the tunnel's requests are made by undici, too.
 */
function final(error: unknown): Error {
  const { code, message } = error as { readonly code?: unknown; readonly message: string };
  if (typeof code !== 'string' || !code.startsWith('UND_ERR_')) return error as Error;
  return Object.assign(new Error(message, { cause: error }), { code: 'ECONNRESET' });
}
