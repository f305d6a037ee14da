import { once } from 'node:events';
import { chmod, stat, unlink } from 'node:fs/promises';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
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

/** Another host on this machine closes its doors last, after it has given back the state. */
const TAKE_OVER = { everyMs: 1_000, tries: 30 };

/** A place where a host answers. */
interface Door {
  readonly place: string;
  readonly server: Server;
  readonly listen: () => Promise<void>;
  readonly problemOf: (error: unknown) => string;
}

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
  private missing: readonly Door[] = [];
  private takingOver: Promise<void> | undefined;
  private readonly closing = new AbortController();

  /** How to get to the page for operators, if it is served. */
  readonly page = new PageDoor();

  static async open(opened: OpenDoorsFor, options: DoorOptions): Promise<HostDoors> {
    const { host, log, config, metrics } = opened;
    const doors = new HostDoors(log, new TapDoor(host.events));
    const path = controlPath(config);
    const onFault = (error: unknown): void => log.error(`A request could not be answered: ${String(error)}`, { error });
    const control = serveRoutes(controlRoutes(host, doors.page, doors.tap), { onFault });
    const wanted: Door[] = [
      {
        place: path,
        server: control,
        listen: () => listenAlone(control, path),
        problemOf: (error) => `Commands cannot reach this host at ${path}: ${whyOf(error)}`,
      },
    ];
    const { statusPort, statusHosts, page: withPage } = config.feeds;
    if (options.monitoring && statusPort !== undefined) {
      const routes = { ...statusRoutes(host, metrics, doors.tap), ...(withPage ? pageRoutes(opened, doors.page) : {}) };
      const server = serveRoutes(routes, { answersTo: answersTo('127.0.0.1', statusHosts), onFault });
      const listen = async (): Promise<void> => {
        server.listen(statusPort, '127.0.0.1');
        await once(server, 'listening');
        if (withPage) doors.page.opened(statusPort);
      };
      const place = `127.0.0.1:${statusPort}`;
      wanted.push({ place, server, listen, problemOf: (error) => portProblem(statusPort, error) });
    }
    await doors.add(wanted, (problem) => log.warn(problem, { event: 'door.failed' }));
    return doors;
  }

  private constructor(
    private readonly log: Logger,
    private readonly tap: TapDoor,
  ) {}

  /**
   * The host has taken over from another one: opens what that one had here, as soon as it has let go of it. Resolves when all
   * are open, none is to be had, or they are closed.
   */
  takeOver(): Promise<void> {
    return (this.takingOver ??= this.openMissing());
  }

  private async openMissing(): Promise<void> {
    const { signal } = this.closing;
    for (let left = TAKE_OVER.tries; this.missing.length > 0 && left > 0; left -= 1) {
      await this.add(this.missing, () => undefined);
      if (this.missing.length > 0) await delay(TAKE_OVER.everyMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return this.close();
    }
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.tap.close();
    await Promise.all(this.servers.splice(0).map(closed));
  }

  private async add(doors: readonly Door[], onProblem: (problem: string) => void): Promise<void> {
    const missing: Door[] = [];
    for (const door of doors) {
      const { place, server, listen, problemOf } = door;
      try {
        await listen();
        server.on('error', (error) => this.log.warn(`The server at ${place} failed: ${error.message}`));
        this.servers.push(server);
      } catch (error) {
        missing.push(door);
        // The socket of a host that lives: then the state is that one's, too, and the start says so.
        if (!(error instanceof InUseError)) onProblem(problemOf(error));
      }
    }
    this.missing = missing;
  }
}

class InUseError extends Error {}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Nobody else may connect, not even for a moment: the socket is created with its mode. */
async function listenAlone(server: Server, path: string): Promise<void> {
  const found = await lookAt(path);
  if (found === 'in use') throw new InUseError();
  if (found === 'left behind' && (await isSocket(path))) await unlink(path).catch(() => undefined); // listening tells what is wrong
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
