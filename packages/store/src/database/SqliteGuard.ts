import { StoreError } from '@soar-feed/core';
import type { Knex } from 'knex';
import { checkSqliteFile } from './inspectSqliteFile.js';
import type { SqliteDriver } from './sqliteDriver.js';
import type { SqliteFileWatch } from './SqliteFileWatch.js';
import { storeErrorOf } from './storeErrorOf.js';

interface Guarded {
  readonly file: string;
  readonly name: string;
  readonly knex: Knex;
  readonly reader: Knex;
  readonly driver: SqliteDriver;
}

/**
 * Prevents the loss of commits if the file is moved, or its `-wal` is removed, under our connections, and the use of a damaged one.
 */
export class SqliteGuard {
  readonly #guarded: Guarded;
  readonly #watch: SqliteFileWatch;
  #under: Promise<void> | undefined;
  /** Our connections may hold pages of the file as it was: only a new process may continue. */
  #cut: StoreError | undefined;
  readonly #left = new AbortController();
  #checking: Promise<void> = Promise.resolve();

  constructor(guarded: Guarded, watch: SqliteFileWatch) {
    this.#guarded = guarded;
    this.#watch = watch;
  }

  /** Throws `StoreError` while a commit would not be found again. */
  async check(): Promise<void> {
    if (this.#cut !== undefined) throw this.#cut;
    this.#under ??= this.#look().finally(() => (this.#under = undefined));
    await this.#under;
  }

  /** Reads the whole file in the background. If it is damaged, nothing is written to it any more. */
  checkWhole(): void {
    this.#checking = this.#checkWhole();
  }

  async leave(): Promise<void> {
    this.#left.abort();
    await this.#checking;
    await this.#watch.leave();
  }

  async #checkWhole(): Promise<void> {
    const { file, driver } = this.#guarded;
    // A file that cannot be read now, or was left meanwhile, is not known to be damaged.
    const problem = await checkSqliteFile(file, driver, this.#left.signal).catch(() => undefined);
    if (problem === undefined) return;
    this.#cut ??= new StoreError(
      `SQLite file ${file} is damaged (${problem}): stop soar-feed, then restore the file from a backup, or move it away to start over.`,
      { code: 'store-corrupt', details: { file } },
    );
  }

  async #look(): Promise<void> {
    const found = await this.#watch.look();
    if (found === 'shrunk') await this.#judgeCut();
    if (found === 'beside-gone') await this.#renew();
  }

  /** A vacuum by another program leaves the file whole. */
  async #judgeCut(): Promise<void> {
    const { file, driver } = this.#guarded;
    // SQLite treats the -wal of an empty file as a leftover and removes it.
    const problem = this.#watch.isEmpty ? 'it is empty' : await checkSqliteFile(file, driver).catch(String);
    if (problem === undefined) return;
    this.#cut = new StoreError(
      `SQLite file ${file} was truncated while in use (${problem}): stop soar-feed, then restore the file from a backup, or move it away to start over.`,
      { code: 'store-cut', details: { file } },
    );
    throw this.#cut;
  }

  /**
   * The connections still have the removed `-wal` open: its content is written to the file, then a new one is created.
   */
  async #renew(): Promise<void> {
    const { knex, reader, name } = this.#guarded;
    try {
      const [ended] = await knex.raw<readonly { readonly busy: number }[]>('PRAGMA wal_checkpoint(TRUNCATE)');
      if (ended?.busy !== 0)
        throw new StoreError(`${name} is locked by another program: close that program.`, { code: 'store-busy' });
      for (const connection of [reader, knex]) {
        await connection.destroy();
        connection.initialize();
      }
      for (const connection of [knex, reader]) await connection.raw('SELECT count(*) FROM sqlite_master');
      await this.#watch.learn();
    } catch (error) {
      throw storeErrorOf(error, name);
    }
  }
}
