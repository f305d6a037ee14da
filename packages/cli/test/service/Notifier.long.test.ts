import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Simulator } from '@soar-feed/soar-simulator';
import type { StatusReport } from '@soar-feed/core/runtime';
import { askHost } from '../../src/http/askHost.js';
import { startAcme } from '../helpers/acme.js';
import { appConfig, Site } from '../helpers/Site.js';
import { SoarFeed } from '../helpers/soarFeed.js';
import { until } from '../helpers/until.js';

jest.setTimeout(180_000);

const SERVICE = fileURLToPath(new URL('../../service/', import.meta.url));
const isThere = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

/** systemd's end of the socket: one line per message, its assignments separated by "|". */
const LISTENER = `
import array, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('listening', flush=True)
while True:
    data, ancillary, flags, address = s.recvmsg(4096, 4096)
    # systemd-notify waits until systemd has closed what comes with BARRIER=1.
    for level, kind, rights in ancillary:
        for fd in array.array('i', rights):
            os.close(fd)
    print(data.decode().replace(chr(10), '|'), flush=True)
`;

const missing = ['systemd-notify', 'systemd-analyze', 'python3'].filter((program) => !isThere(program));
if (missing.length > 0 && process.env['REQUIRE_SERVICES'] === '1')
  throw new Error(`${missing.join(', ')} cannot be started; on Debian: apt-get install systemd python3`);
const withSystemd = missing.length === 0 ? it : it.skip;

let simulator: Simulator;
let site: Site;
let listener: ChildProcess;
let heard = '';
const hears = (word: string): Promise<void> => until(() => heard.includes(word), word, 60_000);

describe('under systemd', () => {
  beforeEach(async () => {
    heard = '';
    simulator = await startAcme();
    site = new Site();
    site.makeFolder('files');
    const feeds = { feed_names: 'files' };
    site.write('app.config', appConfig(simulator, { feeds, files: { class: 'file', directory: 'files' } }));
    listener = spawn('python3', ['-c', LISTENER, site.path('notify')]);
    listener.stdout?.setEncoding('utf8').on('data', (text: string) => (heard += text));
    await until(() => heard.includes('listening'), 'the listener', 60_000);
  });
  afterEach(async () => {
    listener.kill();
    await simulator.stop();
    site.remove();
  });

  withSystemd('a host says READY, WATCHDOG, RELOADING and STOPPING, in this order', async () => {
    const env = { NOTIFY_SOCKET: site.path('notify'), WATCHDOG_USEC: '1000000' };
    const host = new SoarFeed(['run', '-c', site.config], { env, deadlineMs: 150_000 });
    await host.event('host.ready');
    await hears('READY=1');
    await hears('WATCHDOG=1');
    host.signal('SIGHUP');
    await hears('RELOADING=1|MONOTONIC_USEC=');
    await until(() => heard.lastIndexOf('READY=1') > heard.indexOf('RELOADING=1'), 'READY again', 60_000);
    host.signal('SIGTERM');
    expect(await host.ended).toMatchObject({ code: 0, stderr: '' });
    await hears('STOPPING=1');
    const words = [...heard.matchAll(/^(READY|RELOADING|STOPPING)=1/gm)].map(([, word]) => word);
    expect(words).toEqual(['READY', 'RELOADING', 'READY', 'STOPPING']);
    expect(host.log.some(({ event }) => event === 'service.untold')).toBe(false);
  });

  withSystemd('a standby is ready, alive, and says for whom it waits until it takes over', async () => {
    const active = new SoarFeed(['run', '-c', site.config], { deadlineMs: 150_000 });
    await active.event('host.ready');
    const env = { NOTIFY_SOCKET: site.path('notify'), WATCHDOG_USEC: '1000000' };
    const host = new SoarFeed(['run', '--standby', '-c', site.config], { env, deadlineMs: 150_000 });
    const { pid } = await host.event('host.standby');
    await hears(`READY=1|STATUS=Standby: process ${String(pid)} on `);
    await hears('WATCHDOG=1');
    host.signal('SIGHUP');
    await hears('RELOADING=1|MONOTONIC_USEC=');
    await until(() => heard.lastIndexOf('STATUS=Standby') > heard.indexOf('RELOADING=1'), 'Standby again', 60_000);
    active.signal('SIGTERM');
    await active.ended;
    await host.event('host.ready');
    await hears('STATUS=Taking over.');
    await hears('READY=1|STATUS=Subscribed, processing changes.');
    // The socket for commands is beside the state database, so it was that of the host before.
    const path = site.path('soar-feed.db.sock');
    const process = async () => (await askHost<StatusReport>(path, { method: 'GET', path: '/status' }))?.process?.pid;
    let served: number | undefined;
    for (const late = Date.now() + 60_000; served === undefined && Date.now() < late;) {
      served = await process();
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect(served).not.toBe(pid);
    expect(served).toBeDefined();
    host.signal('SIGTERM');
    expect(await host.ended).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('the unit', () => {
  const unit = readFileSync(`${SERVICE}soar-feed.service`, 'utf8');

  withSystemd('is understood by systemd, and exposes little', () => {
    const site = new Site();
    // The command need not be installed here.
    site.write('soar-feed.service', unit.replace('/usr/local/bin/soar-feed ', '/bin/true '));
    const file = site.path('soar-feed.service');
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    const about = verified.stderr.split('\n').filter((line) => line.includes('soar-feed.service'));
    expect(about).toEqual([]);
    const judged = spawnSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' });
    const level = Number(/exposure level for [^:]*: ([\d.]+)/i.exec(judged.stdout)?.[1] ?? NaN);
    expect(level).toBeLessThan(3);
    site.remove();
  });

  it('restarts no host that only a person can mend', () => {
    expect(unit).toContain('Type=notify\n');
    expect(unit).toContain('NotifyAccess=all\n');
    expect(unit).toMatch(/^RestartPreventExitStatus=2 3 4 21 22 23 24 31 32$/m);
    expect(existsSync(SERVICE)).toBe(true);
  });
});
