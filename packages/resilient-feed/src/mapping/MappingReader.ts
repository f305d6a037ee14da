import { keyText } from '@soar-feed/core';
import type { ObjectKey, RecordFilter } from '@soar-feed/core';
import { openDatabase } from '@soar-feed/store';
import type { Database, DatabaseConfig } from '@soar-feed/store';
import { typesBeside } from '../fields/emailTypes.js';
import { targetIds } from './Mapping.js';
import type { Mapping } from './Mapping.js';
import { asStoreError } from './openMapping.js';
import type { Rows } from './Rows.js';
import { inspectSyncTable } from './table/inspectSyncTable.js';
import { searchRows } from './table/searchRows.js';
import type { FoundRow } from './table/searchRows.js';

export type { FoundRow } from './table/searchRows.js';

interface Opened {
  readonly database: Database;
  readonly columns: ReadonlySet<string>;
}

/**
 * The mapping as it is on disk, for people: no lease is taken and nothing is written, so it also works beside the host
 * that owns it. Methods throw `StoreError`; `store-missing`: there is no file yet.
 */
export class MappingReader implements Pick<Rows, 'ofIncident' | 'mappedTargets'> {
  private opened: Promise<Opened> | undefined;

  constructor(private readonly config: DatabaseConfig) {}

  async *search(filter: RecordFilter): AsyncGenerator<FoundRow> {
    this.opened ??= this.open();
    const { database, columns } = await this.opened;
    // A new file: no host has made its tables yet.
    if (columns.size === 0) return;
    try {
      yield* searchRows(database.reader, columns, filter);
    } catch (error) {
      throw asStoreError(error, database, 'read the mapping');
    }
  }

  async ofIncident({ orgId, incidentId }: ObjectKey): Promise<ReadonlyMap<string, Mapping>> {
    const rows = new Map<string, Mapping>();
    for await (const { mapping } of this.search({ incidentId }))
      if (mapping.source.orgId === orgId) rows.set(keyText(mapping.source), mapping);
    return rows;
  }

  async mappedTargets(targetIncidentId: number, type: string): Promise<ReadonlySet<number>> {
    const ids: number[] = [];
    for (const one of typesBeside(type))
      for await (const { mapping } of this.search({ refIncident: String(targetIncidentId), type: one }))
        if (mapping.state === 'active' || mapping.state === 'bypassed') ids.push(...targetIds(mapping));
    return new Set(ids);
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    const database = await opened?.then(({ database: found }) => found).catch(() => undefined);
    await database?.close();
  }

  private async open(): Promise<Opened> {
    const database = await openDatabase(this.config, { readOnly: true });
    try {
      return { database, columns: (await inspectSyncTable(database)).columns };
    } catch (error) {
      await database.close();
      throw asStoreError(error, database, 'read the mapping');
    }
  }
}
