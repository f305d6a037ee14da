import { StoreError } from '@soar-feed/core';
import type { FeedStore, StoreOpenOptions } from '@soar-feed/core';
import type { Database, DatabaseConfig } from '../database/Database.js';
import { Lease } from '../database/Lease.js';
import { copyBeforeUpgrade, withWayBack } from './upgradeCopies.js';
import { componentsIn, migrate, stepsDone } from '../database/migrate.js';
import { openDatabase } from '../database/openDatabase.js';
import { FeedRows } from './FeedRows.js';
import { KnexCheckpointStore } from './KnexCheckpointStore.js';
import { KnexOutcomeStore } from './KnexOutcomeStore.js';
import { KnexParkedStore } from './KnexParkedStore.js';
import { KnexSettlementStore } from './KnexSettlementStore.js';
import { feedSteps } from './steps.js';

export interface FeedStoreConfig {
  readonly database: DatabaseConfig;
  /** A larger payload is not stored with its row, but read from the source again. Default 1 MB. */
  readonly maxPayloadBytes?: number;
  /** Log every event's outcome (default); false: only count them. */
  readonly keepOutcomes?: boolean;
}

interface Opened {
  readonly database: Database;
  /** Absent when only reading. */
  readonly lease?: Lease;
  readonly rows: FeedRows;
}

/** The host's state on SQLite or PostgreSQL. */
export class KnexFeedStore implements FeedStore {
  readonly parked: KnexParkedStore;
  readonly settlements: KnexSettlementStore;
  readonly outcomes: KnexOutcomeStore;
  readonly checkpoints: KnexCheckpointStore;
  readonly #config: DatabaseConfig;
  readonly #keepOutcomes: boolean;
  #opened: Opened | undefined;

  constructor({ database, maxPayloadBytes = 1_000_000, keepOutcomes = true }: FeedStoreConfig) {
    this.#config = database.client === 'sqlite' ? { refuseForeign: true, ...database } : database;
    this.#keepOutcomes = keepOutcomes;
    const rows = () => this.#rows();
    this.parked = new KnexParkedStore(rows, maxPayloadBytes);
    this.settlements = new KnexSettlementStore(rows);
    this.outcomes = new KnexOutcomeStore(rows);
    this.checkpoints = new KnexCheckpointStore(rows);
  }

  async open({ readOnly = false }: StoreOpenOptions = {}): Promise<void> {
    if (this.#opened !== undefined) return;
    const database = await openDatabase(this.#config, { readOnly });
    try {
      await refuseShared(database);
      // Before anything is written: the tables of a newer version must not be changed.
      const done = await stepsDone(database, 'feed', feedSteps).catch((error: unknown) => {
        throw withWayBack(error, this.#config);
      });
      this.#opened = readOnly ? this.#look(database, done) : await this.#own(database);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async check(): Promise<void> {
    await this.#rows().check();
  }

  async assertOurs(): Promise<void> {
    await this.#rows().assertOurs();
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    if (opened === undefined) return;
    await opened.rows.close();
    await opened.lease?.release();
    await opened.database.close();
  }

  async #own(database: Database): Promise<Opened> {
    // The lease comes before the tables: its holder may be an older version.
    const lease = await Lease.take(database, 'feed');
    try {
      await copyBeforeUpgrade(this.#config, await stepsDone(database, 'feed', feedSteps));
      await migrate(database, 'feed', feedSteps);
    } catch (error) {
      await lease.release();
      throw error;
    }
    return { database, lease, rows: new FeedRows(database, lease, { keepOutcomes: this.#keepOutcomes }) };
  }

  #look(database: Database, steps: number): Opened {
    if (steps < feedSteps.length) {
      throw new StoreError(
        `${database.name} was written by an older soar-feed: start it once with this version, which brings it up to date.`,
        {
          code: 'store-older',
          details: { database: database.name, step: steps, known: feedSteps.length },
          startWould: 'upgrade',
        },
      );
    }
    return { database, rows: new FeedRows(database, undefined) };
  }

  #rows(): FeedRows {
    if (this.#opened === undefined) throw new StoreError('The state store is not open.', { code: 'store-closed' });
    return this.#opened.rows;
  }
}

/**
 * A file has one use: then moving, restoring or truncating it affects only one thing, and each use has its own owner.
 */
async function refuseShared(database: Database): Promise<void> {
  if (database.dialect !== 'sqlite') return;
  const others = (await componentsIn(database)).filter((component) => component !== 'feed' && component !== 'lease');
  if (others.length === 0) return;
  const problem = `${database.name} is already used for ${others.join(', ')}: the state database needs a file of its own: name another one.`;
  throw new StoreError(problem, { code: 'store-foreign', details: { database: database.name, components: others } });
}
