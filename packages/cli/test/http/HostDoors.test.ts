import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordingLogger } from '@soar-feed/feed-testkit';
import { askHost } from '../../src/http/askHost.js';
import { HostDoors } from '../../src/http/HostDoors.js';
import type { OpenedHost } from '../../src/openHost.js';

let folder: string;
let path: string;
const open: HostDoors[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'soar-feed-doors-'));
  path = join(folder, 'state.db.sock');
});
afterEach(async () => {
  for (const doors of open.splice(0)) await doors.close();
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

/** The doors of a host with that name. */
async function doorsOf(name: string) {
  const log = recordingLogger();
  const config = {
    file: join(folder, 'app.config'),
    feeds: { stateDb: { client: 'sqlite', file: join(folder, 'state.db') } },
  } as unknown as OpenedHost['config'];
  const host = { report: async () => ({ name }) } as unknown as OpenedHost['host'];
  open.push(await HostDoors.open({ host, log, config, metrics: {} as OpenedHost['metrics'] }, { monitoring: false }));
  return log.lines.map(({ level, fields }) => `${level} ${String(fields.event)}`);
}

it('opens the socket of a host from which it takes over, once that has closed it', async () => {
  await doorsOf('first');
  await doorsOf('second');
  const [first, second] = open.splice(0, 1).concat(open);
  const taken = second?.takeOver();
  expect(await answer()).toEqual({ name: 'first' });
  await first?.close();
  await taken;
  expect(await answer()).toEqual({ name: 'second' });
});

const answer = () => askHost(path, { method: 'GET', path: '/status' });

/** As a killed host leaves it: nobody listens there any more. */
async function leaveBehind(): Promise<void> {
  const server = createServer();
  server.listen(`${path}.of-killed`);
  await once(server, 'listening');
  await rename(`${path}.of-killed`, path);
  await new Promise((resolve) => server.close(resolve));
  expect((await stat(path)).isSocket()).toBe(true);
}

describe('the socket of a running host', () => {
  it('answers, for nobody but its user, and goes with the host', async () => {
    expect(await doorsOf('one')).toEqual([]);
    expect(await answer()).toEqual({ name: 'one' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    for (const doors of open.splice(0)) await doors.close();
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('takes the place of one that a killed host left behind', async () => {
    await leaveBehind();
    expect(await answer()).toBeUndefined();
    expect(await doorsOf('next')).toEqual([]);
    expect(await answer()).toEqual({ name: 'next' });
  });

  it('never takes the place of one that lives', async () => {
    await doorsOf('first');
    expect(await doorsOf('second')).toEqual([]);
    expect(await answer()).toEqual({ name: 'first' });
  });

  it('is missing, with a warning, where something else bears its name', async () => {
    await writeFile(path, 'no socket');
    expect(await doorsOf('one')).toEqual(['warn door.failed']);
    expect(await readFile(path, 'utf8')).toBe('no socket');
  });
});
