import { StoreError, surroundings } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { Database } from './Database.js';
import type { Statements } from './Statement.js';
import { isOutage } from './storeErrorOf.js';

/** A write in a shared transaction. */
export type Write<T> = (trx: Knex, statements: Statements) => Promise<T>;

export interface GroupCommitOptions {
  /** Most writes in one transaction; default 256. With 1, each write has its own. */
  readonly maxGroup?: number;
  /** Runs first in every transaction; if it throws, the whole group fails. */
  readonly before?: Write<void>;
  /** Runs last in every transaction, for what its writes collected; if it throws, that counts as a failed write. */
  readonly after?: Write<void>;
}

/** One of the writes that a larger one consists of, with whoever waits for it. */
export interface CommitPart {
  write: Write<void>;
  resolve(): void;
  reject(error: unknown): void;
}

/** Does the write; returns the result to hand over once it is durable. */
interface Member {
  readonly attempt: Write<() => void>;
  reject(error: unknown): void;
  readonly parts?: { readonly each: () => readonly CommitPart[]; readonly done: () => void };
}

/**
 * Many writers, one commit: writes that are requested in one turn of the event loop, or during a commit, share the next
 * transaction, in order. A flush to disk costs far more than a row.
 *
 * If one write fails, the group is rolled back and its members run again one by one, so that only the faulty one fails: a
 * write may run twice. If the database as a whole fails (locked, full, gone), all of them fail with a `StoreError`, and
 * the caller may try again.
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

  /**
   * Resolves with the result of `write`, after the commit. If the database refuses it and there is more than one of `parts`,
   * these are committed one by one in its place, before anything that was asked for later, and it resolves with `undefined`.
   */
  run<T>(write: Write<T>): Promise<T>;
  run<T>(write: Write<T>, parts: () => readonly CommitPart[]): Promise<T | undefined>;
  run<T>(write: Write<T>, parts?: () => readonly CommitPart[]): Promise<T | undefined> {
    if (this.#closed)
      return Promise.reject(new StoreError(`${this.#database.name} is closed.`, { code: 'store-closed' }));
    return new Promise<T | undefined>((resolve, reject) => {
      this.#waiting.push({
        attempt: async (trx, statements) => {
          const result = await write(trx, statements);
          return () => resolve(result);
        },
        reject,
        ...(parts === undefined ? {} : { parts: { each: parts, done: () => resolve(undefined) } }),
      });
      this.#draining ??= this.#drain();
    });
  }

  /** Takes no more writes; resolves when the writes that it has taken have ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#draining;
  }

  async #drain(): Promise<void> {
    await endOfTurn();
    while (this.#waiting.length > 0) {
      await this.#commit(this.#waiting.splice(0, this.#maxGroup));
      // Callers that were just answered may have more to write: let them join.
      await endOfTurn();
    }
    this.#draining = undefined;
  }

  async #commit(group: readonly Member[]): Promise<void> {
    try {
      const answers = await this.#database.transaction(async (trx, statements) => {
        await this.#before?.(trx, statements);
        const done = [];
        for (const member of group) done.push(await member.attempt(trx, statements));
        await this.#after?.(trx, statements);
        return done;
      });
      for (const answer of answers) answer();
    } catch (error) {
      if (isOutage(error)) for (const member of group) member.reject(error);
      else if (group.length > 1) for (const member of group) await this.#commit([member]);
      else for (const member of group) await this.#refused(member, error);
    }
  }

  async #refused({ reject, parts }: Member, error: unknown): Promise<void> {
    const each = parts?.each() ?? [];
    if (parts === undefined || each.length < 2) return reject(error);
    for (const { write, resolve, reject: refuse } of each) {
      const attempt: Member['attempt'] = async (trx, statements) => {
        await write(trx, statements);
        return resolve;
      };
      await this.#commit([{ attempt, reject: refuse }]);
    }
    parts.done();
  }
}

function endOfTurn(): Promise<void> {
  return new Promise((resolve) => surroundings().atEndOfTurn(resolve));
}
