import type { Knex } from 'knex';
import type { Database } from '../database/Database.js';
import { GroupCommit } from '../database/GroupCommit.js';
import type { GroupCommitOptions } from '../database/GroupCommit.js';
import type { Lease } from '../database/Lease.js';
import { storeErrorOf } from '../database/storeErrorOf.js';

/** Room for 2^32 places in each term: both numbers stay below 2^53 for two million starts. */
const PLACES_PER_TERM = 2 ** 32;

/** How the four parts of the store read and write: every write in a shared commit, and only while the lease is ours. */
export class FeedRows {
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #term: number;
  #used = 0;

  constructor(database: Database, lease: Lease, options: Pick<GroupCommitOptions, 'maxGroup'> = {}) {
    this.#database = database;
    this.#term = lease.term;
    this.#commits = new GroupCommit(database, { ...options, before: (trx) => lease.fence(trx) });
  }

  write<T>(write: (trx: Knex.Transaction) => Promise<T>): Promise<T> {
    return this.#commits.run(write);
  }

  /** What is committed; a write is seen once it resolved. */
  async read<T>(read: (knex: Knex) => PromiseLike<T>): Promise<T> {
    try {
      return await read(this.#database.reader);
    } catch (error) {
      throw storeErrorOf(error, this.#database.name);
    }
  }

  /**
   * For places in line and revisions: higher than every earlier one, also after a restart, and never given twice. So a
   * revision that somebody kept cannot meet a later row of the same object.
   */
  next(): number {
    this.#used += 1;
    return this.#term * PLACES_PER_TERM + this.#used;
  }

  close(): Promise<void> {
    return this.#commits.close();
  }
}
