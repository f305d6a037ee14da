import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian's and Ubuntu's package `postgresql` puts its versions. */
const VERSIONS = '/usr/lib/postgresql';

export interface Postgres {
  /** The URL of the database `soar`; the test makes its schemas. */
  readonly url: string;
  /** The server's data, with its own configuration files. */
  readonly data: string;
  /** Ends all connections and refuses new ones. */
  stop(): void;
  /** Starts it again on the same port and data. */
  start(): void;
  /** Halts all its processes; its sockets stay open. */
  freeze(): void;
  thaw(): void;
  remove(): void;
}

/** Whether the tests that need their own PostgreSQL can run here. */
export function hasPostgres(): boolean {
  return binaries() !== undefined;
}

/**
 * A real PostgreSQL that belongs to the test, on a loopback port, with its data in a temporary folder. Throws when it
 * does not start. Unless it is `durable`, a commit need not survive a power cut. `port`: best one below 32768, which the system
 * gives to no outgoing connection.
 */
export function startPostgres({
  port,
  durable = false,
}: {
  readonly port: number;
  readonly durable?: boolean;
}): Postgres {
  const bin = binaries();
  if (bin === undefined) throw new Error(`There is no PostgreSQL below ${VERSIONS}.`);
  const folder = mkdtempSync(join(tmpdir(), 'soar-feed-postgres-'));
  const data = join(folder, 'data');
  const run = (program: string, ...args: readonly string[]): void => {
    const [command = '', ...rest] = [...asServer, join(bin, program), ...args];
    const { status, stderr, stdout } = spawnSync(command, rest, { encoding: 'utf8', cwd: folder, timeout: 60_000 });
    if (status !== 0) throw new Error(`${program} failed: ${stderr}${stdout}`);
  };
  if (asServer.length > 0) spawnSync('chown', ['postgres', folder]);
  const start = (): void => {
    const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder} -c fsync=${durable ? 'on' : 'off'}`;
    // The server logs to a file: a pipe would stay open as long as the server runs.
    run('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start');
  };
  const stop = (): void => run('pg_ctl', '-D', data, '-w', '-m', 'fast', 'stop');
  /** Signals the server (its pid is the first line of `postmaster.pid`) and its child processes. */
  const signal = (name: NodeJS.Signals): void => {
    const pid = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0] ?? '';
    const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', pid], { encoding: 'utf8' });
    for (const one of [pid, ...stdout.trim().split(/\s+/)]) {
      if (one !== '') process.kill(Number(one), name);
    }
  };
  run('initdb', '-D', data, '-A', 'trust', '-U', 'soar');
  start();
  run('createdb', '-h', '127.0.0.1', '-p', String(port), '-U', 'soar', 'soar');
  return {
    url: `postgresql://soar@127.0.0.1:${port}/soar`,
    data,
    start,
    stop,
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    remove() {
      signal('SIGCONT');
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server refuses to run as root. */
const asServer: readonly string[] = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];

function binaries(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  return newest.map((version) => join(VERSIONS, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}
