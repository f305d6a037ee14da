import { once } from 'node:events';
import { chmod, stat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import type { Logger } from '@soar-feed/core';
import type { OpenedHost } from '../openHost.js';
import { PageDoor } from '../page/PageDoor.js';
import { pageRoutes } from '../page/pageRoutes.js';
import { answersTo } from './answersTo.js';
import { portProblem } from './checkStatusPort.js';
import { controlPath } from './controlPath.js';
import { controlRoutes, statusRoutes } from './routes.js';
import { serveRoutes } from './serveRoutes.js';
import { TapDoor } from './TapDoor.js';

type OpenDoorsFor = Pick<OpenedHost, 'host' | 'config' | 'metrics'> & { readonly log: Logger };

export interface DoorOptions {
  /** Also open the monitoring port: only for a host that keeps running. */
  readonly monitoring: boolean;
}

/** A client that keeps its connection open does not keep a stopping host alive. */
const CLOSE_WITHIN_MS = 1_000;

/**
 * The doors of a running host: the socket for commands, and the monitoring port if it is configured. If a door cannot
 * be opened, that is logged, and the host runs without it.
 */
export class HostDoors {
  private readonly servers: Server[] = [];

  /** How to get to the page for operators, if it is served. */
  readonly page = new PageDoor();

  static async open(opened: OpenDoorsFor, options: DoorOptions): Promise<HostDoors> {
    const { host, log, config, metrics } = opened;
    const doors = new HostDoors(log, new TapDoor(host.events));
    const path = controlPath(config);
    const found = await lookAt(path);
    if (found === 'left behind' && (await isSocket(path))) await unlink(path).catch(() => undefined); // listening tells what is wrong
    // Where another host lives the state is that one's, too: the start is refused, and says so.
    const onFault = (error: unknown): void => log.error(`A request could not be answered: ${String(error)}`, { error });
    if (found !== 'in use')
      await doors.add(
        serveRoutes(controlRoutes(host, doors.page, doors.tap), { onFault }),
        path,
        (own) => listenAlone(own, path),
        (error) => {
          const why = error instanceof Error ? error.message : String(error);
          return `Commands cannot reach this host at ${path}: ${why}`;
        },
      );
    const { statusPort, statusHosts, page: withPage } = config.feeds;
    if (options.monitoring && statusPort !== undefined) {
      const routes = { ...statusRoutes(host, metrics, doors.tap), ...(withPage ? pageRoutes(opened, doors.page) : {}) };
      const server = serveRoutes(routes, {
        answersTo: answersTo('127.0.0.1', statusHosts),
        onFault,
      });
      const listen = async (own: Server): Promise<void> => {
        own.listen(statusPort, '127.0.0.1');
        await once(own, 'listening');
        if (withPage) doors.page.opened(statusPort);
      };
      await doors.add(server, `127.0.0.1:${statusPort}`, listen, (error) => portProblem(statusPort, error));
    }
    return doors;
  }

  private constructor(
    private readonly log: Logger,
    private readonly tap: TapDoor,
  ) {}

  async close(): Promise<void> {
    this.tap.close();
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
      server.on('error', (error) => this.log.warn(`The server at ${place} failed: ${error.message}`));
      this.servers.push(server);
    } catch (error) {
      this.log.warn(problemOf(error), { event: 'door.failed' });
    }
  }
}

/** Nobody else may connect, not even for a moment: the socket is created with its mode. */
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

/** Whether a host answers at the path. A killed host leaves its socket behind. */
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

/** Any other file of that name belongs to somebody else. */
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
