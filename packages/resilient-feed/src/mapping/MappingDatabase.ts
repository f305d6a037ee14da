import { GroupCommit } from '@soar-feed/store';
import type { DatabaseConfig, Statements } from '@soar-feed/store';
import type { Knex } from 'knex';
import type { Intent } from './Intent.js';
import { asStoreError, openMapping } from './openMapping.js';
import type { InspectOptions, OpenedMapping } from './openMapping.js';
import { applyWrites } from './table/applyWrites.js';
import type { MappingWrite } from './table/applyWrites.js';
import { Generation } from './table/Generation.js';
import { inspectSyncTable } from './table/inspectSyncTable.js';
import { intentsIn } from './table/IntentRow.js';
import type { SyncTable } from './table/SyncTable.js';
import { WriteBatch } from './WriteBatch.js';

/**
 * The mapping's database while it is open. This process is its only writer: every commit is fenced by the lease and
 * counts the generation. Methods throw `StoreError`.
 */
export class MappingDatabase {
  /** `store-held` names the process that uses the mapping; `mapping-foreign`: the table is not IBM's. */
  static async open(config: DatabaseConfig, targetOrgId: number, options: InspectOptions): Promise<MappingDatabase> {
    const mapping = await openMapping(config, targetOrgId, options);
    const { database, lease } = mapping;
    try {
      const { columns, uniqueTargets } = await inspectSyncTable(database);
      const table = { org2: targetOrgId, dialect: database.dialect, hasRole: columns.has('sync_role_source') };
      const intents = await intentsIn(database.knex, targetOrgId);
      return new MappingDatabase(mapping, { ...table, uniqueTargets }, intents);
    } catch (error) {
      await lease.release();
      await database.close();
      throw asStoreError(error, database, 'open the mapping');
    }
  }

  private readonly commits: GroupCommit;
  private readonly batch: WriteBatch;

  private constructor(
    private readonly mapping: OpenedMapping,
    readonly table: SyncTable,
    /** The open creates in the database when it was opened. */
    readonly intents: readonly Intent[],
  ) {
    const generation = new Generation(table.org2);
    this.commits = new GroupCommit(mapping.database, {
      before: async (_trx, statements) => {
        await mapping.lease.fence(statements);
        await generation.advance(statements);
      },
    });
    this.batch = new WriteBatch(this.commits, (trx, statements, writes) => applyWrites(trx, statements, table, writes));
  }

  async check(): Promise<void> {
    await this.mapping.database.check();
    await this.mapping.lease.check();
  }

  async assertOurs(): Promise<void> {
    await this.mapping.lease.assertOurs();
  }

  /** Does not wait for a running commit. */
  async read<T>(query: (knex: Knex, table: SyncTable) => PromiseLike<T>): Promise<T> {
    const { database } = this.mapping;
    try {
      return await query(database.reader, this.table);
    } catch (error) {
      throw asStoreError(error, database, 'read the mapping');
    }
  }

  /** As `read`, for what is asked per event. */
  async ask<T>(query: (statements: Statements, table: SyncTable) => Promise<T>): Promise<T> {
    const { database } = this.mapping;
    try {
      return await database.read((statements) => query(statements, this.table));
    } catch (error) {
      throw asStoreError(error, database, 'read the mapping');
    }
  }

  /** Resolves after the commit, which it shares with others. `patient`: nobody waits for it now. */
  write(write: MappingWrite, options: { readonly patient?: boolean } = {}): Promise<void> {
    return this.storing(() => this.batch.add(write, options));
  }

  /** After all that was written before. */
  async commit(work: (trx: Knex, table: SyncTable) => Promise<void>): Promise<void> {
    this.batch.go();
    await this.storing(() => this.commits.run((trx) => work(trx, this.table)));
  }

  async close(): Promise<void> {
    this.batch.go();
    await this.commits.close();
    await this.mapping.lease.release();
    await this.mapping.database.close();
  }

  private async storing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw asStoreError(error, this.mapping.database, 'write the mapping');
    }
  }
}
