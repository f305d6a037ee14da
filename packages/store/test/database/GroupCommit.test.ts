import { tempFolder } from '@soar-feed/feed-testkit';
import type { TempFolder } from '@soar-feed/feed-testkit';
import { StoreError } from '@soar-feed/core';
import { GroupCommit, openDatabase } from '@soar-feed/store';
import type { Database } from '@soar-feed/store';
import type { Knex } from 'knex';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

let folder: TempFolder;
let database: Database;
let other: Database;
let begun: number;

beforeEach(async () => {
  folder = await tempFolder();
  const config = { client: 'sqlite', file: folder.file('a.db') } as const;
  const opened = await openDatabase(config);
  database = {
    ...opened,
    transaction: (work) => {
      begun += 1;
      return opened.transaction(work);
    },
  };
  await database.knex.raw('CREATE TABLE numbers (n INTEGER PRIMARY KEY, text TEXT)');
  other = await openDatabase(config);
  begun = 0;
});

afterEach(async () => {
  await database.close();
  await other.close();
  await folder.remove();
});

const put = (n: number) => async (trx: Knex) => {
  await trx('numbers').insert({ n });
  return n * 10;
};
const numbers = (knex: Knex): Promise<number[]> => knex('numbers').orderBy('n').pluck('n');
const count = (upTo: number) => Array.from({ length: upTo }, (_, at) => at + 1);

describe('GroupCommit', () => {
  it('makes one transaction of what is asked for in one turn, in order, and gives each its answer', async () => {
    const commits = new GroupCommit(database);
    const order: number[] = [];
    const answers = await Promise.all(
      count(50).map((n) =>
        commits.run(async (trx) => {
          order.push(n);
          return put(n)(trx);
        }),
      ),
    );
    expect(answers).toEqual(count(50).map((n) => n * 10));
    expect(order).toEqual(count(50));
    expect(begun).toBe(1);
  });

  it('answers only what is durable: another connection sees it', async () => {
    const commits = new GroupCommit(database);
    const seen = await Promise.all(
      count(5).map(async (n) => {
        await commits.run(put(n));
        return numbers(other.knex);
      }),
    );
    for (const rows of seen) expect(rows).toEqual(count(5));
  });

  it('gathers what comes while a commit runs, and what the answered ask for next', async () => {
    const commits = new GroupCommit(database);
    const writer = async (first: number) => {
      for (const round of [0, 1, 2]) await commits.run(put(first + round * 10));
    };
    await Promise.all(count(8).map(writer));
    expect(await numbers(database.knex)).toHaveLength(24);
    expect(begun).toBe(3);
  });

  it('bounds a group', async () => {
    const commits = new GroupCommit(database, { maxGroup: 20 });
    await Promise.all(count(50).map((n) => commits.run(put(n))));
    expect(begun).toBe(3);
  });

  it('fails the faulty alone, whether the database or the write itself refuses', async () => {
    const commits = new GroupCommit(database);
    const fault = new TypeError('mine');
    await commits.run(put(3));
    const results = await Promise.allSettled([
      ...[1, 2, 3, 4].map((n) => commits.run(put(n))),
      commits.run(async (trx) => {
        await put(5)(trx);
        throw fault;
      }),
      commits.run(put(6)),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(results[2]).toMatchObject({ reason: { code: 'store-failed' } });
    expect(results[4]).toMatchObject({ reason: fault });
    expect(await numbers(other.knex)).toEqual([1, 2, 3, 4, 6]);
  });

  it('fails all while another program holds the lock, without trying each, and goes on afterwards', async () => {
    await database.knex.raw('PRAGMA busy_timeout = 20');
    const commits = new GroupCommit(database);
    await other.transaction(async (trx) => {
      await trx('numbers').insert({ n: 99 });
      const results = await Promise.allSettled(count(6).map((n) => commits.run(put(n))));
      for (const result of results)
        expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'store', code: 'store-busy' } });
      expect(begun).toBe(1);
    });
    await commits.run(put(1));
    expect(await numbers(other.knex)).toEqual([1, 99]);
  });

  it('fails all when there is no space left, and goes on once there is', async () => {
    const [pages] = await database.knex.raw<{ page_count: number }[]>('PRAGMA page_count');
    await database.knex.raw(`PRAGMA max_page_count = ${(pages?.page_count ?? 0) + 2}`);
    const commits = new GroupCommit(database);
    const large = (n: number) => commits.run((trx) => trx('numbers').insert({ n, text: 'x'.repeat(100_000) }));
    const results = await Promise.allSettled(count(3).map(large));
    for (const result of results) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { code: 'store-full', message: expect.stringContaining('No space is left') },
      });
    }
    expect(await numbers(other.knex)).toEqual([]);
    await database.knex.raw('PRAGMA max_page_count = 100000');
    await Promise.all(count(3).map(large));
    expect(await numbers(other.knex)).toEqual([1, 2, 3]);
  });

  it('fails the whole group by what runs before it, when that speaks for the database', async () => {
    const lost = new StoreError('Taken over.', { code: 'store-lost' });
    const commits = new GroupCommit(database, { before: () => Promise.reject(lost) });
    const results = await Promise.allSettled(count(3).map((n) => commits.run(put(n))));
    for (const result of results) expect(result).toMatchObject({ reason: lost });
    expect(begun).toBe(1);
    expect(await numbers(other.knex)).toEqual([]);
  });

  it('ends what it has taken when it closes, and takes no more', async () => {
    const commits = new GroupCommit(database);
    const taken = count(3).map((n) => commits.run(put(n)));
    await commits.close();
    expect(await numbers(other.knex)).toEqual([1, 2, 3]);
    await Promise.all(taken);
    await expect(commits.run(put(4))).rejects.toMatchObject({ code: 'store-closed' });
  });
});
