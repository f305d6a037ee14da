import { once } from 'node:events';
import { chmod, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { Logger } from '@soar-feed/core';
import type { OpenedHost } from '../openHost.js';
import { controlPath } from './controlPath.js';
import { controlRoutes, statusRoutes } from './routes.js';
import { serveRoutes } from './serveRoutes.js';

/** Whoever keeps a connection open does not keep a stopping host. */
const CLOSE_WITHIN_MS = 1_000;

/**
 * The doors of a running host: the socket that its commands use, and the status for monitoring where the config asks
 * for it. A door that cannot be opened is logged and missing; the host runs without.
 */
export class HostDoors {
  private readonly servers: Server[] = [];

  static async open({ host, log, config, metrics }: OpenedHost): Promise<HostDoors> {
    const doors = new HostDoors(log);
    const path = controlPath(config);
    await doors.add(serveRoutes(controlRoutes(host)), path, (server) => listenAlone(server, path));
    const { statusPort } = config.feeds;
    if (statusPort !== undefined) {
      const place = `127.0.0.1:${statusPort}`;
      const server = serveRoutes(statusRoutes(host, metrics));
      await doors.add(server, place, (own) => listening(own, () => own.listen(statusPort, '127.0.0.1')));
    }
    return doors;
  }

  private constructor(private readonly log: Logger) {}

  async close(): Promise<void> {
    await Promise.all(this.servers.splice(0).map(closed));
  }

  private async add(server: Server, place: string, listen: (server: Server) => Promise<void>): Promise<void> {
    try {
      await listen(server);
      this.servers.push(server);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.log.warn(`Commands and monitoring cannot reach this host at ${place}: ${why}`, { event: 'door.failed' });
    }
  }
}

/** Replaces what a killed host left behind, but never the socket of one that lives: the state is that one's, too. */
async function listenAlone(server: Server, path: string): Promise<void> {
  if (await isLeftBehind(path)) await unlink(path);
  // From its first moment nobody else may connect: the socket's mode is that of its making.
  const before = process.umask(0o177);
  const ready = listening(server, () => server.listen(path));
  process.umask(before);
  await ready;
  await chmod(path, 0o600);
}

function isLeftBehind(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => end(false));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ECONNREFUSED'));
  });
}

async function listening(server: Server, listen: () => void): Promise<void> {
  const ready = once(server, 'listening');
  listen();
  await ready;
}

async function closed(server: Server): Promise<void> {
  const end = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const limit = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await end;
  clearTimeout(limit);
}
