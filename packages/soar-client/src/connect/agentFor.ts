import type { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import type { AgentOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import type { Dial } from './Dial.js';
import { proxyFor } from './proxyFor.js';
import type { SoarConnection } from './SoarConnection.js';
import { TunnelAgent } from './TunnelAgent.js';
import { checkPem, readPem, trustOf } from './trust.js';

const DEFAULT_MAX_SOCKETS = 32;

/**
 * We close an idle connection before any server does: a request written to a connection that the server is closing has
 * an unknown outcome. Servers wait 5 s or more.
 */
const IDLE_SOCKET_MS = 4_000;

/** The pool of TLS connections to the server, through a proxy if there is one. */
export function agentFor(connection: SoarConnection, dial?: Dial): HttpAgent {
  const { cafile, clientCert, maxSockets = DEFAULT_MAX_SOCKETS } = connection;
  const options = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    ...trustOf(cafile),
    ...(clientCert === undefined ? {} : clientIdentity(clientCert)),
  };
  const proxy = dial === undefined ? proxyFor(connection, process.env) : undefined;
  const direct = dial === undefined ? () => new Agent(options) : () => new DialAgent(options, dial);
  const agent = proxy === undefined ? direct() : new TunnelAgent(proxy, options, connection.timeoutMs ?? 30_000);
  agent.on('free', (socket: { setTimeout(ms: number): void }) => socket.setTimeout(IDLE_SOCKET_MS));
  return agent;
}

class DialAgent extends Agent {
  constructor(
    options: AgentOptions,
    private readonly dial: Dial,
  ) {
    super(options);
  }

  override createConnection(options: ConnectionOptions): Duplex {
    return this.dial(options);
  }
}

function clientIdentity({ certFile, keyFile }: NonNullable<SoarConnection['clientCert']>): {
  cert: string;
  key: string;
} {
  const identity = { cert: readPem(certFile, 'clientCert'), key: readPem(keyFile, 'clientCert') };
  checkPem('clientCert', `${certFile} and ${keyFile}`, identity);
  return identity;
}
