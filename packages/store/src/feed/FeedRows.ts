import { StoreError } from '@soar-feed/core';
import type { Knex } from 'knex';
import type { Database } from '../database/Database.js';
import { GroupCommit } from '../database/GroupCommit.js';
import type { Lease } from '../database/Lease.js';
import type { Statements } from '../database/Statement.js';
import { storeErrorOf } from '../database/storeErrorOf.js';
import { OutcomeLog } from './OutcomeLog.js';
import { SettledLog } from './SettledLog.js';

/** Room for 2^32 places in each term: both numbers stay below 2^53 for two million starts. */
const PLACES_PER_TERM = 2 ** 32;

/** A write of the store; it records in the log what became of events, and in `settled` what was applied. */
export type FeedWrite<T> = (trx: Knex, log: OutcomeLog, settled: SettledLog) => Promise<T>;

/** How the parts of the store read and write: every write is in a shared commit, and only while the lease is ours. */
export class FeedRows {
  readonly #database: Database;
  readonly #lease: Lease | undefined;
  readonly #log: OutcomeLog;
  readonly #settled = new SettledLog();
  readonly #commits: GroupCommit;
  #used = 0;

  /** Without a lease it only reads. */
  constructor(
    database: Database,
    lease: Lease | undefined,
    { keepOutcomes = true, ...options }: { readonly keepOutcomes?: boolean; readonly maxGroup?: number } = {},
  ) {
    this.#database = database;
    this.#lease = lease;
    this.#log = new OutcomeLog(keepOutcomes);
    this.#commits = new GroupCommit(database, {
      ...options,
      before: async (_trx, statements) => {
        this.#log.begin();
        this.#settled.begin();
        await lease?.fence(statements);
      },
      after: async (_trx, statements) => {
        await this.#settled.end(statements);
        await this.#log.end(statements);
      },
    });
  }

  write<T>(write: FeedWrite<T>): Promise<T> {
    if (this.#lease === undefined) {
      const problem = `${this.#database.name} was opened read-only.`;
      return Promise.reject(new StoreError(problem, { code: 'store-read-only' }));
    }
    return this.#commits.run((trx) => write(trx, this.#log, this.#settled));
  }

  /** Checks that writes would be kept; throws `StoreError` if not. */
  async check(): Promise<void> {
    await this.#database.check();
    await this.#lease?.check();
  }

  /** As `Lease.assertOurs`. */
  async assertOurs(): Promise<void> {
    await this.#lease?.assertOurs();
  }

  /** Reads what is committed; a write is visible once it has resolved. */
  async read<T>(read: (knex: Knex) => PromiseLike<T>): Promise<T> {
    try {
      return await read(this.#database.reader);
    } catch (error) {
      throw storeErrorOf(error, this.#database.name);
    }
  }

  /** As `read`, for what is asked per event. */
  ask<T>(query: (statements: Statements) => Promise<T>): Promise<T> {
    return this.#database.read(query);
  }

  /**
   * For positions and revisions: higher than every earlier one, also after a restart, and never assigned twice. So a
   * remembered revision never matches a later row of the same object.
   */
  next(): number {
    this.#used += 1;
    return (this.#lease?.term ?? 0) * PLACES_PER_TERM + this.#used;
  }

  close(): Promise<void> {
    return this.#commits.close();
  }
}
