import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { GroupCommit, Lease, openDatabase } from '@soar-feed/store';
import type { Database } from '@soar-feed/store';
import { replaceSurroundings, surroundings } from '@soar-feed/soar-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { thisProcess } from '../../src/database/processIdentity.js';

let folder: TempFolder;
let database: Database;
let other: Database;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await tempFolder();
  const config = { client: 'sqlite', file: folder.file('a.db') } as const;
  database = await openDatabase(config);
  other = await openDatabase(config);
});

afterEach(async () => {
  child?.kill('SIGKILL');
  child = undefined;
  await database.close();
  await other.close();
  await folder.remove();
});

/** The lease as if another process had taken it. */
async function heldBy(holder: Record<string, unknown>): Promise<void> {
  const lease = await Lease.take(database, 'feed');
  const { host, pid, pidSpace, started } = thisProcess();
  await lease.release();
  await database
    .knex('soar_feed_lease')
    .update({ host, pid, pid_space: pidSpace, started, heartbeat_at: Date.now(), ...holder });
}

/** A process that does nothing, and when it started. */
async function startChild(): Promise<{ pid: number; started: string }> {
  child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1000)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (child.stdout !== null) await once(child.stdout, 'data');
  const pid = child.pid ?? 0;
  return {
    pid,
    started:
      process.platform === 'linux'
        ? (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19] ?? '')
        : '',
  };
}

const take = () => Lease.take(other, 'feed');

describe('Lease', () => {
  it('has one holder, whom it names, until that gives it back', async () => {
    const lease = await Lease.take(database, 'feed');
    await expect(take()).rejects.toMatchObject({
      code: 'store-held',
      message: expect.stringMatching(
        new RegExp(
          `${folder.file('a.db')} is in use by process ${process.pid} on ${thisProcess().host} .*stop it first`,
        ),
      ),
      details: { pid: process.pid },
    });
    await lease.release();
    const next = await take();
    expect(next.term).toBe(lease.term + 1);
    await next.release();
  });

  it('is taken back by the process that could not give it back, and from no other lease of that process', async () => {
    const lost = await Lease.take(database, 'feed');
    await database.close();
    await lost.release();
    const found = await other.knex('soar_feed_lease').first<{ host: string | null }>();
    expect(found.host).toBe(thisProcess().host);
    const next = await take();
    expect(next.term).toBe(lost.term + 1);
    await expect(take()).rejects.toMatchObject({ code: 'store-held', details: { ours: true } });
    await next.release();
  });

  it('changes no table of an older version while that holds it', async () => {
    await heldBy({ host: 'elsewhere', pid: 1 });
    await database.knex.schema.alterTable('soar_feed_lease', (table) => void table.dropColumn('owner'));
    await database.knex('soar_feed_migrations').where({ component: 'lease', step: 2 }).del();
    const columns = async () => Object.keys(await other.knex('soar_feed_lease').columnInfo());
    await expect(take()).rejects.toMatchObject({ code: 'store-held', details: { host: 'elsewhere', ours: false } });
    expect(await columns()).not.toContain('owner');
    await database.knex('soar_feed_lease').update({ heartbeat_at: 0 });
    await (await take()).release();
    expect(await columns()).toContain('owner');
  });

  it('says that the database is not as it was left, where nobody took the lease', async () => {
    const lease = await Lease.take(database, 'feed');
    await other.knex('soar_feed_lease').update({ term: 0 });
    await expect(database.transaction((_trx, statements) => lease.fence(statements))).rejects.toMatchObject({
      code: 'store-lost',
      message: expect.stringMatching(/has changed under this process.*restart soar-feed/),
    });
    // Whoever wrote that may not be the one who ends the host.
    await expect(lease.check()).rejects.toMatchObject({ code: 'store-lost' });
    await expect(lease.assertOurs()).rejects.toMatchObject({ code: 'store-lost' });
    await lease.release();
  });

  describe('of a machine that stood still', () => {
    let pausedMs = 0;
    let restore = (): void => undefined;
    afterEach(() => restore());

    /** `clocks`: those that show how long it was. */
    function standsStill(...clocks: readonly ('now' | 'steadyMs')[]): void {
      pausedMs = 0;
      const own = surroundings();
      const shown = clocks.map((name) => [name, () => own[name]() + pausedMs]);
      restore = replaceSurroundings({ ...own, ...Object.fromEntries(shown) });
    }

    it('is looked at once it may have expired: another host may have it', async () => {
      standsStill('now', 'steadyMs');
      const lease = await Lease.take(database, 'feed');
      await other.knex('soar_feed_lease').update({ term: 7, host: 'elsewhere' });
      await lease.assertOurs();
      pausedMs = 26_000;
      await expect(lease.assertOurs()).rejects.toMatchObject({
        code: 'store-lost',
        message: expect.stringMatching(/was taken over by another soar-feed/),
      });
      await lease.release();
    });

    it.each(['now', 'steadyMs'] as const)(
      'is renewed if nobody took it, whichever clock shows the time: %s',
      async (clock) => {
        standsStill(clock);
        const lease = await Lease.take(database, 'feed');
        await other.knex('soar_feed_lease').update({ heartbeat_at: 0 });
        pausedMs = 90_000;
        await lease.assertOurs();
        const { heartbeat_at: seen } = await other.knex('soar_feed_lease').first<{ heartbeat_at: number }>();
        expect(seen).toBeGreaterThan(0);
        await lease.release();
      },
    );
  });

  it('is one of its name only', async () => {
    // From here on, their turns have different numbers.
    await (await Lease.take(other, 'mapping')).release();
    const one = await Lease.take(database, 'feed');
    const two = await Lease.take(other, 'mapping');
    await database.transaction((_trx, statements) => one.fence(statements));
    expect(await database.knex('soar_feed_lease').whereNotNull('host').orderBy('name').pluck('name')).toEqual([
      'feed',
      'mapping',
    ]);
    await one.release();
    await other.transaction((_trx, statements) => two.fence(statements));
    await expect(Lease.take(database, 'mapping')).rejects.toMatchObject({ code: 'store-held' });
    await (await take()).release();
    await two.release();
  });

  it('stays with a process of this host as long as it runs, and is taken over at once when it was killed', async () => {
    await heldBy(await startChild());
    await expect(take()).rejects.toMatchObject({ code: 'store-held', details: { pid: child?.pid } });
    child?.kill('SIGKILL');
    if (child !== undefined) await once(child, 'exit');
    await (await take()).release();
  });

  it('is taken over at once when another process has got the number of the holder', async () => {
    if (process.platform !== 'linux') return expect(thisProcess().started).toBe('');
    await heldBy({ started: '1' });
    await (await take()).release();
  });

  it.each([
    ['another host', { host: 'elsewhere', pid: 1 }],
    ['another container of this host name', { pid_space: 'pid:[1]', pid: 999_999_999 }],
  ])('stays with %s until 30 s after its last sign', async (_name, holder) => {
    await heldBy({ ...holder, heartbeat_at: Date.now() - 29_000 });
    await expect(take()).rejects.toMatchObject({
      code: 'store-held',
      message: expect.stringMatching(/seen 29 s ago.*wait 1 s/),
    });
    await heldBy({ ...holder, heartbeat_at: Date.now() - 30_000 }).catch(() => undefined);
    await database.knex('soar_feed_lease').update({ heartbeat_at: Date.now() - 30_000 });
    await (await take()).release();
  });

  it('shows a sign of life every 5 s', async () => {
    const machine = surroundings();
    const beats: (() => void)[] = [];
    const restore = replaceSurroundings({
      ...machine,
      startTimer(ms, then, options) {
        if (ms !== 5_000) return machine.startTimer(ms, then, options);
        beats.push(then);
        return () => undefined;
      },
    });
    try {
      const lease = await Lease.take(database, 'feed');
      await database.knex('soar_feed_lease').update({ heartbeat_at: 5 });
      expect(beats).toHaveLength(1);
      beats[0]?.();
      const heartbeat = async () =>
        Number((await other.knex('soar_feed_lease').first<{ heartbeat_at: number }>()).heartbeat_at);
      const deadline = Date.now() + 5_000;
      while ((await heartbeat()) === 5 && Date.now() < deadline) await new Promise((next) => setImmediate(next));
      expect(Date.now() - (await heartbeat())).toBeLessThan(5_000);
      expect(beats).toHaveLength(2);
      await lease.release();
    } finally {
      restore();
    }
  });

  it('lets nothing commit that was lost to another holder', async () => {
    await database.knex.raw('CREATE TABLE numbers (n)');
    const lease = await Lease.take(database, 'feed');
    const commits = new GroupCommit(database, { before: (_trx, statements) => lease.fence(statements) });
    await commits.run((trx) => trx('numbers').insert({ n: 1 }));
    await other.knex('soar_feed_lease').update({ heartbeat_at: 0, host: 'elsewhere' });
    const next = await take();
    const results = await Promise.allSettled([2, 3].map((n) => commits.run((trx) => trx('numbers').insert({ n }))));
    for (const result of results) {
      expect(result).toMatchObject({
        reason: { kind: 'store', code: 'store-lost', message: expect.stringContaining('taken over') },
      });
    }
    expect(await other.knex('numbers')).toEqual([{ n: 1 }]);
    await lease.release();
    await expect(Lease.take(database, 'feed')).rejects.toMatchObject({ code: 'store-held' });
    await next.release();
  });
});
