import { once } from 'node:events';
import { chmod, stat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { Logger } from '@soar-feed/core';
import type { OpenedHost } from '../openHost.js';
import { answersTo } from './answersTo.js';
import { portProblem } from './checkStatusPort.js';
import { controlPath } from './controlPath.js';
import { controlRoutes, statusRoutes } from './routes.js';
import { serveRoutes } from './serveRoutes.js';

export interface DoorOptions {
  /** Also the port for monitoring: of the host that runs for good. */
  readonly monitoring: boolean;
}

/** Whoever keeps a connection open does not keep a stopping host. */
const CLOSE_WITHIN_MS = 1_000;

/**
 * The doors of a running host: the socket that its commands use, and the status for monitoring where the config asks
 * for it. A door that cannot be opened is logged and missing; the host runs without.
 */
export class HostDoors {
  private readonly servers: Server[] = [];

  static async open({ host, log, config, metrics }: OpenedHost, options: DoorOptions): Promise<HostDoors> {
    const doors = new HostDoors(log);
    const path = controlPath(config);
    const found = await lookAt(path);
    if (found === 'left behind' && (await isSocket(path))) await unlink(path).catch(() => undefined); // listening tells what is wrong
    // Where another host lives the state is that one's, too: the start is refused, and says so.
    const onFault = (error: unknown): void =>
      log.error(`A question could not be answered: ${String(error)}`, { error });
    if (found !== 'in use')
      await doors.add(
        serveRoutes(controlRoutes(host), { onFault }),
        path,
        (own) => listenAlone(own, path),
        (error) => {
          const why = error instanceof Error ? error.message : String(error);
          return `Commands cannot reach this host at ${path}: ${why}`;
        },
      );
    const { statusPort, statusHosts } = config.feeds;
    if (options.monitoring && statusPort !== undefined) {
      const server = serveRoutes(statusRoutes(host, metrics), {
        answersTo: answersTo('127.0.0.1', statusHosts),
        onFault,
      });
      const listen = async (own: Server): Promise<void> => {
        own.listen(statusPort, '127.0.0.1');
        await once(own, 'listening');
      };
      await doors.add(server, `127.0.0.1:${statusPort}`, listen, (error) => portProblem(statusPort, error));
    }
    return doors;
  }

  private constructor(private readonly log: Logger) {}

  async close(): Promise<void> {
    await Promise.all(this.servers.splice(0).map(closed));
  }

  private async add(
    server: Server,
    place: string,
    listen: (server: Server) => Promise<void>,
    problemOf: (error: unknown) => string,
  ): Promise<void> {
    try {
      await listen(server);
      server.on('error', (error) => this.log.warn(`The door at ${place} has trouble: ${error.message}`));
      this.servers.push(server);
    } catch (error) {
      this.log.warn(problemOf(error), { event: 'door.failed' });
    }
  }
}

/** From its first moment nobody else may connect: the socket gets its mode when it is made. */
async function listenAlone(server: Server, path: string): Promise<void> {
  const before = process.umask(0o177);
  try {
    server.listen(path);
  } finally {
    process.umask(before);
  }
  await once(server, 'listening');
  await chmod(path, 0o600);
}

/** Whether a host answers at the path, or one that was killed left it behind. */
function lookAt(path: string): Promise<'in use' | 'left behind' | 'free'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve('in use');
    });
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'left behind' : 'free'),
    );
  });
}

/** Whatever else bears the name is somebody's. */
async function isSocket(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isSocket(),
    () => false,
  );
}

async function closed(server: Server): Promise<void> {
  const end = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const limit = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await end;
  clearTimeout(limit);
}
