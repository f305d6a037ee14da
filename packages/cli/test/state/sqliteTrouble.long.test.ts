import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renameSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sqlite3 from 'sqlite3';
import { bears, troubledHost } from '../helpers/troubledHost.js';
import type { TroubledHost } from '../helpers/troubledHost.js';
import { until } from '../helpers/until.js';

jest.setTimeout(90_000);

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** Another program: takes the write lock of the file and holds it until told to end. */
const LOCKER = `
  const sqlite3 = require('sqlite3');
  const database = new sqlite3.Database(process.argv[1], () => {
    database.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE', (error) => console.log(error ?? 'locked'));
  });
  setInterval(() => undefined, 1000);
`;

async function lock(file: string): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', LOCKER, file], { cwd: HERE });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  if (said.toString().trim() !== 'locked') throw new Error(`The file was not locked: ${said.toString()}`);
  return async () => {
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
}

describe('a state database in trouble', () => {
  let troubled: TroubledHost | undefined;
  const connections: sqlite3.Database[] = [];
  const exec = sqlite3.Database.prototype.exec;
  afterEach(async () => {
    sqlite3.Database.prototype.exec = exec;
    connections.length = 0;
    await troubled?.stop();
    troubled = undefined;
  });

  /** Remembers the connections that the store opens: some troubles can only be made from inside. */
  const watched = async () => {
    sqlite3.Database.prototype.exec = function (...args) {
      if (!connections.includes(this)) connections.push(this);
      return exec.apply(this, args);
    };
    troubled = await troubledHost();
    sqlite3.Database.prototype.exec = exec;
    expect(connections.length).toBeGreaterThan(0);
    return troubled;
  };
  const all = (sql: string) =>
    Promise.all(
      connections.map(
        (connection) =>
          new Promise<void>((done, fail) => {
            connection.exec(sql, (error) => (error === null ? done() : fail(error)));
          }),
      ),
    );

  it('locked by another process for longer than it is waited for', async () => {
    troubled = await troubledHost();
    const file = troubled.site.path('soar-feed.db');
    let unlock = async (): Promise<void> => undefined;
    await bears(troubled, /locked by another program/, {
      begin: async () => (unlock = await lock(file)),
      end: () => unlock(),
    });
  });

  it('moved away, and put back', async () => {
    troubled = await troubledHost();
    const [file, elsewhere] = [troubled.site.path('soar-feed.db'), troubled.site.path('elsewhere.db')];
    await bears(troubled, /was removed or moved while in use: put the same file back/, {
      begin: () => renameSync(file, elsewhere),
      end: () => renameSync(elsewhere, file),
    });
  });

  it('moved away while nothing comes', async () => {
    troubled = await troubledHost();
    const { site, host } = troubled;
    renameSync(site.path('soar-feed.db'), site.path('elsewhere.db'));
    await until(() => /was removed or moved/.test(host.status().store.problem ?? ''), 'the host noticing it');
    expect(troubled.health.ok).toBe(false);
    renameSync(site.path('elsewhere.db'), site.path('soar-feed.db'));
    await until(() => host.status().store.problem === undefined, 'the host noticing that it is back', 40_000);
  });

  it('full', async () => {
    await bears(await watched(), /No space is left/, {
      changes: 60,
      // Fewer pages than the file has already: it cannot grow by one more.
      begin: () => all('PRAGMA max_page_count = 1'),
      end: () => all('PRAGMA max_page_count = 1000000'),
    });
  });

  it('made read-only', async () => {
    await bears(await watched(), /is read-only/, {
      begin: () => all('PRAGMA query_only = ON'),
      end: () => all('PRAGMA query_only = OFF'),
    });
  });
});
