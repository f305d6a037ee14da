import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MissingDatabaseError, openDatabase } from '@soar-feed/store';
import type { DatabaseConfig } from '@soar-feed/store';
import { KnexMappingStore } from './KnexMappingStore.js';
import type { MappingStore } from './MappingStore.js';
import { asStoreError, inspectMapping, openMapping } from './openMapping.js';
import { copyRows } from './table/copyRows.js';

/**
 * A mapping that begins as a copy of the real one, as far as some incidents need it, in a file that is gone afterwards.
 * The real one is only read, without its lease.
 */
export class MappingCopy implements MappingStore {
  private copy: KnexMappingStore | undefined;
  private folder: string | undefined;

  constructor(
    private readonly real: DatabaseConfig,
    private readonly includes: (incidentId: number) => boolean,
  ) {}

  get rows(): MappingStore['rows'] {
    return this.opened.rows;
  }

  get creates(): MappingStore['creates'] {
    return this.opened.creates;
  }

  async inspect(): Promise<void> {
    await inspectMapping(this.real);
  }

  async check(): Promise<void> {
    await this.opened.check();
  }

  async assertOurs(): Promise<void> {
    await this.copy?.assertOurs();
  }

  async open(targetOrgId: number): Promise<void> {
    await this.close();
    this.folder = await mkdtemp(join(tmpdir(), 'soar-feed-plan-'));
    const config = { client: 'sqlite', file: join(this.folder, 'mapping.db'), synchronous: 'NORMAL' } as const;
    await this.fill(config, targetOrgId);
    this.copy = new KnexMappingStore(config);
    await this.copy.open(targetOrgId);
  }

  async close(): Promise<void> {
    const { copy, folder } = this;
    this.copy = undefined;
    this.folder = undefined;
    await copy?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  /** Retries of IBM's feed are not copied: they load incidents whole, which a plan does anyway. */
  retries(): Promise<readonly number[]> {
    return Promise.resolve([]);
  }

  forgetRetries(): Promise<void> {
    return Promise.resolve();
  }

  private get opened(): KnexMappingStore {
    if (this.copy === undefined) throw new TypeError('the copy of the mapping is not open');
    return this.copy;
  }

  private async fill(config: DatabaseConfig, targetOrgId: number): Promise<void> {
    const from = await openDatabase(this.real, { readOnly: true }).catch((error: unknown) => {
      // There is no mapping yet.
      if (error instanceof MissingDatabaseError && this.real.client === 'sqlite') return undefined;
      throw error;
    });
    const { database: to, lease } = await openMapping(config, targetOrgId);
    try {
      if (from !== undefined) await copyRows(from.reader, to.knex, this.includes);
    } catch (error) {
      throw asStoreError(error, from ?? to, 'read the mapping');
    } finally {
      await lease.release();
      await to.close();
      await from?.close();
    }
  }
}
