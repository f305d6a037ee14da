import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's and Ubuntu's package `mariadb-server` puts the server. */
const SERVER = '/usr/sbin/mariadbd';
const START_MS = 60_000;
const STOP_MS = 30_000;

export interface MariaDb {
  /** The URL of the database `soar`, for its user `soar`, who may do anything. */
  readonly url: string;
  readonly port: number;
  /** Ends all connections and refuses new ones. */
  stop(): void;
  /** Starts it again on the same port and data. */
  start(): void;
  /** Halts the process; its sockets stay open. */
  freeze(): void;
  thaw(): void;
  remove(): void;
}

/** Whether the tests that need their own MariaDB can run here. */
export function hasMariaDb(): boolean {
  return existsSync(SERVER);
}

/**
 * A real MariaDB that belongs to the test, on a loopback port, with its data in a temporary folder. Throws when it does not
 * start. Unless it is `durable`, a commit need not survive a power cut.
 */
export function startMariaDb({
  port,
  durable = false,
}: {
  readonly port: number;
  readonly durable?: boolean;
}): MariaDb {
  if (!hasMariaDb()) throw new Error(`There is no MariaDB at ${SERVER}.`);
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-mariadb-'));
  const data = join(folder, 'data');
  const socket = join(folder, 'socket');
  const user = process.getuid?.() === 0 ? ['--user=mysql'] : [];
  if (user.length > 0) spawnSync('chown', ['mysql', folder]);
  run('mariadb-install-db', '--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', ...user);
  let server: ChildProcess | undefined;
  const start = (): void => {
    const log = openSync(join(folder, 'log'), 'a');
    const place = [`--datadir=${data}`, `--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1'];
    const quick = [`--innodb-flush-log-at-trx-commit=${durable ? 1 : 2}`, '--skip-log-bin', '--skip-name-resolve'];
    server = spawn(SERVER, ['--no-defaults', ...place, ...quick, ...user], { stdio: ['ignore', log, log] });
    server.unref();
    const deadline = Date.now() + START_MS;
    while (sql(socket, 'SELECT 1') !== 0) {
      if (Date.now() > deadline)
        throw new Error(`MariaDB does not start: ${readFileSync(join(folder, 'log'), 'utf8')}`);
      pause(100);
    }
  };
  const stop = (): void => {
    run('mariadb-admin', '--no-defaults', `--socket=${socket}`, '-uroot', 'shutdown');
    const deadline = Date.now() + STOP_MS;
    while (server?.pid !== undefined && isRunning(server.pid) && Date.now() < deadline) pause(50);
  };
  const signal = (name: NodeJS.Signals): void => void server?.kill(name);
  start();
  const grants =
    "CREATE DATABASE soar; CREATE USER soar@'127.0.0.1' IDENTIFIED BY 'soar'; GRANT ALL ON *.* TO soar@'127.0.0.1'";
  if (sql(socket, grants) !== 0) throw new Error('The database of MariaDB cannot be made.');
  return {
    url: `mysql://soar:soar@127.0.0.1:${port}/soar`,
    port,
    start,
    stop,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    remove() {
      signal('SIGCONT');
      signal('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function run(program: string, ...args: readonly string[]): void {
  const { status, stderr, stdout } = spawnSync(program, args, { encoding: 'utf8', timeout: START_MS });
  if (status !== 0) throw new Error(`${program} failed: ${stderr}${stdout}`);
}

function sql(socket: string, statement: string): number | null {
  return spawnSync('mariadb', ['--no-defaults', `--socket=${socket}`, '-uroot', '-e', statement]).status;
}

/** A process that has ended but was not waited for yet counts as ended. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
