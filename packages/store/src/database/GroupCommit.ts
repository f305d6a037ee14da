import { StoreError } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { Database } from './Database.js';
import { isOutage } from './storeErrorOf.js';

export interface GroupCommitOptions {
  /** Writes in one transaction at most; default 256. 1 gives each its own. */
  readonly maxGroup?: number;
  /** Runs first in every transaction; what it throws fails the whole group. */
  readonly before?: (trx: Knex.Transaction) => Promise<void>;
  /** Runs last in every transaction, for what its writes gathered; what it throws is taken for a fault of a write. */
  readonly after?: (trx: Knex.Transaction) => Promise<void>;
}

/** Does the write; gives the answer to hand over once it is durable. */
interface Member {
  attempt(trx: Knex.Transaction): Promise<() => void>;
  reject(error: unknown): void;
}

/**
 * Many writers, one commit: what is asked for in one turn of the event loop, or while a commit runs, shares the next
 * transaction, in the order it was asked for. A flush to disk costs far more than a row.
 *
 * When one write fails, the group is rolled back and its members run again one by one, so that only the faulty one
 * fails: a write must bear being run twice. A fault of the database as a whole (locked, full, gone) fails all of them
 * with a `StoreError`, and the caller may try again.
 */
export class GroupCommit {
  readonly #database: Database;
  readonly #maxGroup: number;
  readonly #before: GroupCommitOptions['before'];
  readonly #after: GroupCommitOptions['after'];
  readonly #waiting: Member[] = [];
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(database: Database, options: GroupCommitOptions = {}) {
    this.#database = database;
    this.#maxGroup = options.maxGroup ?? 256;
    this.#before = options.before;
    this.#after = options.after;
  }

  /** Resolves with what `write` gave, after the commit. */
  run<T>(write: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    if (this.#closed)
      return Promise.reject(new StoreError(`${this.#database.name} is closed.`, { code: 'store-closed' }));
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        attempt: async (trx) => {
          const result = await write(trx);
          return () => resolve(result);
        },
        reject,
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Takes no more writes; resolves when those it has taken ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    await endOfTurn();
    while (this.#waiting.length > 0) {
      await this.#commit(this.#waiting.splice(0, this.#maxGroup));
      // Who was just answered may have more to write: let them ask, too.
      await endOfTurn();
    }
    this.#draining = undefined;
  }

  async #commit(group: readonly Member[]): Promise<void> {
    try {
      const answers = await this.#database.transaction(async (trx) => {
        await this.#before?.(trx);
        const done = [];
        for (const member of group) done.push(await member.attempt(trx));
        await this.#after?.(trx);
        return done;
      });
      for (const answer of answers) answer();
    } catch (error) {
      if (group.length === 1 || isOutage(error)) for (const member of group) member.reject(error);
      else for (const member of group) await this.#commit([member]);
    }
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
