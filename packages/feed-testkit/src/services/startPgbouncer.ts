import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { tempFolder } from '../tempFolder.js';

const PROGRAM = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find((path) => existsSync(path));

/** Whether the tests that need pgbouncer can run here. */
export function hasPgbouncer(): boolean {
  return PROGRAM !== undefined;
}

export interface Pgbouncer {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A pgbouncer that belongs to the test, on a loopback port in front of a server. All clients share one connection to
 * the server: what one client leaves in the session, all others get.
 */
export async function startPgbouncer(
  server: string,
  { port: own, mode }: { readonly port: number; readonly mode: 'transaction' | 'statement' },
): Promise<Pgbouncer> {
  const { hostname, port, username, pathname } = new URL(server);
  const folder = await tempFolder();
  writeFileSync(folder.file('users'), `"${username}" ""\n`);
  writeFileSync(
    folder.file('pgbouncer.ini'),
    `[databases]\n* = host=${hostname} port=${port}\n[pgbouncer]\nlisten_addr=127.0.0.1\nlisten_port=${own}\n` +
      `unix_socket_dir=\nauth_type=trust\nauth_file=${folder.file('users')}\npool_mode=${mode}\ndefault_pool_size=1\n`,
  );
  for (const path of [folder.path, folder.file('users'), folder.file('pgbouncer.ini')]) chmodSync(path, 0o755);
  // pgbouncer refuses to run as root.
  const asUser = process.getuid?.() === 0 ? ['runuser', '-u', 'postgres', '--'] : [];
  const [command = '', ...args] = [...asUser, PROGRAM ?? '', folder.file('pgbouncer.ini')];
  const child = spawn(command, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await listening(own, child);
  return {
    url: `postgresql://${username}@127.0.0.1:${own}${pathname}`,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      await folder.remove();
    },
  };
}

async function listening(port: number, child: { readonly exitCode: number | null }): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}.`);
    const socket = connect(port, '127.0.0.1');
    const up = await new Promise<boolean>((done) =>
      socket.once('connect', () => done(true)).once('error', () => done(false)),
    );
    socket.destroy();
    if (up) return;
    await sleep(20);
  }
}
