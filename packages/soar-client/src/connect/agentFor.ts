import type { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
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
export function agentFor(connection: SoarConnection): HttpAgent {
  const { cafile, clientCert, maxSockets = DEFAULT_MAX_SOCKETS } = connection;
  const options = {
    keepAlive: true,
    maxSockets,
    maxFreeSockets: maxSockets,
    ...trustOf(cafile),
    ...(clientCert === undefined ? {} : clientIdentity(clientCert)),
  };
  const proxy = proxyFor(connection, process.env);
  const agent =
    proxy === undefined ? new Agent(options) : new TunnelAgent(proxy, options, connection.timeoutMs ?? 30_000);
  agent.on('free', (socket: { setTimeout(ms: number): void }) => socket.setTimeout(IDLE_SOCKET_MS));
  return agent;
}

function clientIdentity({ certFile, keyFile }: NonNullable<SoarConnection['clientCert']>): {
  cert: string;
  key: string;
} {
  const identity = { cert: readPem(certFile, 'clientCert'), key: readPem(keyFile, 'clientCert') };
  checkPem('clientCert', `${certFile} and ${keyFile}`, identity);
  return identity;
}
