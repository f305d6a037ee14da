import { StoreError } from '@soar-feed/core';
import type { DatabaseConfig } from '@soar-feed/store';
import { KnownRows } from './KnownRows.js';
import { MappedRows } from './MappedRows.js';
import { MappingDatabase } from './MappingDatabase.js';
import type { MappingStore } from './MappingStore.js';
import { OpenCreates } from './OpenCreates.js';
import { inspectMapping } from './openMapping.js';
import { mappingsOf } from './table/readRows.js';
import { forgetRetries, retriesOf } from './table/retries.js';

/**
 * IBM's `data_feeder_sync` on SQLite or PostgreSQL: the same rows that IBM's feed writes and can read again. What IBM has
 * no place for (open creates) is in tables of our own.
 */
export class KnexMappingStore implements MappingStore {
  readonly rows: MappedRows;
  readonly creates: OpenCreates;
  private readonly known: KnownRows;
  private opened: MappingDatabase | undefined;
  private wasOpen = false;

  constructor(private readonly config: DatabaseConfig) {
    this.known = new KnownRows(async (incident) =>
      this.database.ask((statements, table) => mappingsOf(statements, table, incident)),
    );
    this.rows = new MappedRows(() => this.database, this.known);
    this.creates = new OpenCreates({
      write: async (write, options) => this.database.write(write, options),
      put: (mapping, commit) => this.known.put(mapping, commit),
    });
  }

  async inspect(): Promise<void> {
    if (this.opened === undefined) await inspectMapping(this.config, { mustExist: this.wasOpen });
  }

  async check(): Promise<void> {
    await this.database.check();
  }

  async assertOurs(): Promise<void> {
    await this.opened?.assertOurs();
  }

  async open(targetOrgId: number): Promise<void> {
    if (this.opened !== undefined) return;
    const database = await MappingDatabase.open(this.config, targetOrgId, { mustExist: this.wasOpen });
    this.known.clear();
    this.creates.opened(database.intents);
    this.opened = database;
    this.wasOpen = true;
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.close();
  }

  async retries(sourceOrgId: number): Promise<readonly number[]> {
    return this.database.read((knex, { org2 }) => retriesOf(knex, sourceOrgId, org2));
  }

  async forgetRetries(sourceOrgId: number, incidentIds: readonly number[]): Promise<void> {
    await this.database.commit((trx, { org2 }) => forgetRetries(trx, sourceOrgId, org2, incidentIds));
  }

  private get database(): MappingDatabase {
    if (this.opened === undefined)
      throw new StoreError('The mapping database is not open.', { code: 'mapping-closed' });
    return this.opened;
  }
}
