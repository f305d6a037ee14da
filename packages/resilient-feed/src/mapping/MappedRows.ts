import { keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { Knex } from 'knex';
import { BoundedCache } from '../BoundedCache.js';
import type { KnownRows } from './KnownRows.js';
import { targetIds } from './Mapping.js';
import type { Mapping, MappingState } from './Mapping.js';
import type { MappingDatabase } from './MappingDatabase.js';
import type { MappingFlags } from './MappingFlags.js';
import type { Rows } from './Rows.js';
import { dropRow, markRows, reviveRows, setFlags, unmatchRows } from './table/changeRows.js';
import { mappingsIn, newestTarget } from './table/readRows.js';
import type { SyncTable } from './table/SyncTable.js';

/** Rows as the database has them, with what was used last kept in memory. */
export class MappedRows implements Rows {
  /** Source incidents whose load was given out since rows of theirs were forgotten. */
  private readonly given = new BoundedCache<number, true>(100_000);

  constructor(
    /** Throws `StoreError` while the mapping is closed. */
    private readonly database: () => MappingDatabase,
    private readonly known: KnownRows,
  ) {}

  async find(source: ObjectKey): Promise<Mapping | undefined> {
    return (await this.ofIncident(source)).get(keyText(source));
  }

  async findAll(sources: readonly ObjectKey[]): Promise<ReadonlyMap<string, Mapping>> {
    const [first] = sources;
    if (first === undefined) return new Map();
    const rows = await this.ofIncident(first);
    const found = sources.map((source) => rows.get(keyText(source))).filter((row) => row !== undefined);
    return new Map(found.map((mapping) => [keyText(mapping.source), mapping]));
  }

  async ofIncident(source: ObjectKey): Promise<ReadonlyMap<string, Mapping>> {
    this.database();
    return this.known.of(source);
  }

  async mappedTargets(targetIncidentId: number, type: string): Promise<ReadonlySet<number>> {
    // Taken before the query: a commit that ends meanwhile must not be missed by both.
    const committing = this.known.committing(targetIncidentId, type);
    const rows = await this.read((knex, table) => mappingsIn(knex, table, targetIncidentId, type));
    return new Set([...rows, ...committing].flatMap(targetIds));
  }

  async newestTarget(sourceOrgId: number): Promise<number> {
    return this.read((knex, table) => newestTarget(knex, table, sourceOrgId));
  }

  async mark(source: ObjectKey, state: MappingState, flags: MappingFlags = {}): Promise<void> {
    await this.change(source, (trx, table) => markRows(trx, table, source, state, flags));
  }

  async flag(source: ObjectKey, flags: MappingFlags): Promise<void> {
    await this.change(source, (trx, table) => setFlags(trx, table, source, flags));
  }

  async revive(incident: ObjectKey): Promise<void> {
    await this.change(incident, (trx, table) => reviveRows(trx, table, incident));
  }

  async forget(source: ObjectKey): Promise<void> {
    await this.change(source, (trx, table) => dropRow(trx, table, source));
  }

  async forgetBelow(incident: ObjectKey, gone: readonly ObjectKey[], flags: MappingFlags): Promise<void> {
    this.given.delete(incident.incidentId);
    await this.change(incident, async (trx, table) => {
      for (const source of gone) await dropRow(trx, table, source);
      await setFlags(trx, table, incident, flags);
    });
  }

  takeResync({ source: { incidentId }, flags }: Mapping): boolean {
    if (flags.resyncDue !== true || this.given.get(incidentId) === true) return false;
    this.given.set(incidentId, true);
    return true;
  }

  async unmatch(incident: ObjectKey): Promise<void> {
    await this.change(incident, (trx, table) => unmatchRows(trx, table, incident));
  }

  private async read<T>(query: (knex: Knex, table: SyncTable) => PromiseLike<T>): Promise<T> {
    return this.database().read(query);
  }

  /** A change of rows of one incident, after all that was asked for before it. */
  private async change(source: ObjectKey, work: (trx: Knex, table: SyncTable) => Promise<void>): Promise<void> {
    const database = this.database();
    try {
      await database.commit(work);
    } finally {
      this.known.forget(source);
    }
  }
}
