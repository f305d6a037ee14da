import type { Knex } from 'knex';
import type { SyncRow, SyncTimes } from './SyncRow.js';

/** The shape of IBM's table in this database, and which of its rows are ours. */
export interface SyncTable {
  /** The target organization: only its rows are ours. */
  readonly org2: number;
  readonly dialect: 'sqlite' | 'postgres';
  /** It has IBM's v2 column `sync_role_source`. */
  readonly hasRole: boolean;
  /** It has IBM's v2 index, which allows one row per target object. */
  readonly uniqueTargets: boolean;
}

/** A query on IBM's table. */
export type SyncQuery = Knex.QueryBuilder<Record<string, unknown>, (SyncRow & SyncTimes)[]>;
