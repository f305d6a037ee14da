import { StoreError } from '@soar-feed/core';
import type { FeedStore } from '@soar-feed/core';
import type { Database, DatabaseConfig } from '../database/Database.js';
import { Lease } from '../database/Lease.js';
import { migrate, stepsDone } from '../database/migrate.js';
import { openDatabase } from '../database/openDatabase.js';
import { FeedRows } from './FeedRows.js';
import { KnexCheckpointStore } from './KnexCheckpointStore.js';
import { KnexParkedStore } from './KnexParkedStore.js';
import { KnexSettlementStore } from './KnexSettlementStore.js';
import { feedSteps } from './steps.js';

export interface FeedStoreConfig {
  readonly database: DatabaseConfig;
  /** A larger payload is not kept with its row, but read from the source again. Default 1 MB. */
  readonly maxPayloadBytes?: number;
}

interface Opened {
  readonly database: Database;
  readonly lease: Lease;
  readonly rows: FeedRows;
}

/** The host's state on SQLite or PostgreSQL. */
export class KnexFeedStore implements FeedStore {
  readonly parked: KnexParkedStore;
  readonly settlements: KnexSettlementStore;
  readonly checkpoints: KnexCheckpointStore;
  readonly #config: DatabaseConfig;
  #opened: Opened | undefined;

  constructor({ database, maxPayloadBytes = 1_000_000 }: FeedStoreConfig) {
    this.#config = database.client === 'sqlite' ? { refuseForeign: true, ...database } : database;
    const rows = () => this.#rows();
    this.parked = new KnexParkedStore(rows, maxPayloadBytes);
    this.settlements = new KnexSettlementStore(rows);
    this.checkpoints = new KnexCheckpointStore(rows);
  }

  async open(): Promise<void> {
    if (this.#opened !== undefined) return;
    const database = await openDatabase(this.#config);
    try {
      // Before anything is written: a newer version's tables are not ours to touch.
      await stepsDone(database, 'feed', feedSteps);
      // The lease before the tables: whoever holds it may be of an older version.
      const lease = await Lease.take(database, 'feed');
      try {
        await migrate(database, 'feed', feedSteps);
      } catch (error) {
        await lease.release();
        throw error;
      }
      this.#opened = { database, lease, rows: new FeedRows(database, lease) };
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    await opened.rows.close();
    await opened.lease.release();
    await opened.database.close();
  }

  #rows(): FeedRows {
    if (this.#opened === undefined) throw new StoreError('The state store is not open.', { code: 'store-closed' });
    return this.#opened.rows;
  }
}
