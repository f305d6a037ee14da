import type { Knex } from 'knex';
import type { SyncRow, SyncTimes } from './SyncRow.js';

/** What IBM's table looks like in this database, and whose rows in it are ours. */
export interface SyncTable {
  /** The target org. */
  readonly org2: number;
  readonly dialect: 'sqlite' | 'postgres';
  /** IBM's v2 column `sync_role_source`. */
  readonly hasRole: boolean;
  /** IBM's v2 allows one row per target object. */
  readonly uniqueTargets: boolean;
}

/** A query on it. */
export type SyncQuery = Knex.QueryBuilder<Record<string, unknown>, (SyncRow & SyncTimes)[]>;
