import type { Knex } from 'knex';
import type { Dialect } from '../dialects/Dialect.js';

/** An open destination. What it throws are errors of the contract, without values of rows. */
export interface SqlDatabase {
  readonly dialect: Dialect;
  readonly knex: Knex;
  /** Host and database, or the file; never a password. */
  readonly name: string;
  /** Most bytes in one statement; absent: no limit that matters. */
  readonly statementBytes?: number;
  /** Runs `work` in one transaction; resolves after its commit. */
  transaction<T>(work: (trx: Knex) => Promise<T>): Promise<T>;
  /** Idempotent; ends statements that run. */
  close(): Promise<void>;
}
