import { FeedError, StoreError, isIncident, keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { GroupCommit, Lease, migrate, openDatabase, storeErrorOf } from '@soar-feed/store';
import type { Database, DatabaseConfig } from '@soar-feed/store';
import type { Knex } from 'knex';
import { applyWrites, nowOf, putRows } from './applyWrites.js';
import type { MappingWrite, SyncTable } from './applyWrites.js';
import { INTENTS, toIntent } from './IntentRow.js';
import type { IntentRow } from './IntentRow.js';
import type { Intent } from './Intent.js';
import type { Mapping, MappingState } from './Mapping.js';
import type { MappingFlags } from './MappingFlags.js';
import type { Link, MappingStore } from './MappingStore.js';
import { inspectSyncTable } from './inspectSyncTable.js';
import { SYNC, mappingSteps } from './steps.js';
import { flagText, toMapping } from './SyncRow.js';
import type { SyncRow } from './SyncRow.js';
import { typeNames } from './typeNames.js';
import { WriteBatch } from './WriteBatch.js';

interface Opened {
  readonly database: Database;
  readonly lease: Lease;
  readonly commits: GroupCommit;
  readonly batch: WriteBatch;
  readonly table: SyncTable;
}

/** A query on IBM's table. */
type Rows = Knex.QueryBuilder<Record<string, unknown>, SyncRow[]>;

/**
 * IBM's `data_feeder_sync` on SQLite (or PostgreSQL): the same file an IBM feed wrote, and could read again. Open
 * intents stand in a table of our own and, as this feed is the file's only writer, in memory too.
 */
export class KnexMappingStore implements MappingStore {
  private opened: Opened | undefined;
  private readonly intents = new Map<string, Intent>();

  constructor(private readonly config: DatabaseConfig) {}

  /** Throws `StoreError`: `store-held` names the process that uses the mapping, `mapping-foreign` a table not IBM's. */
  async open(targetOrgId: number): Promise<void> {
    if (this.opened !== undefined) return;
    const database = await openDatabase(this.config);
    try {
      await inspectSyncTable(database);
      const lease = await Lease.take(database, `mapping-${targetOrgId}`);
      try {
        this.opened = await this.prepare(database, lease, targetOrgId);
      } catch (error) {
        await lease.release();
        throw error;
      }
    } catch (error) {
      await database.close();
      throw asStoreError(error, database, 'open the mapping');
    }
  }

  private async prepare(database: Database, lease: Lease, org2: number): Promise<Opened> {
    await migrate(database, 'resilient-mapping', mappingSteps);
    const { columns, uniqueTargets } = await inspectSyncTable(database);
    this.intents.clear();
    for (const row of await database.knex<IntentRow>(INTENTS).where({ org2 })) {
      this.intents.set(keyText(toIntent(row).source), toIntent(row));
    }
    const commits = new GroupCommit(database, { before: (trx) => lease.fence(trx) });
    const table = { org2, dialect: database.dialect, hasRole: columns.has('sync_role_source'), uniqueTargets };
    const batch = new WriteBatch(commits, (trx, writes) => applyWrites(trx, table, writes));
    return { database, lease, commits, batch, table };
  }

  async find(source: ObjectKey): Promise<Mapping | undefined> {
    return (await this.findAll([source])).get(keyText(source));
  }

  async findAll(sources: readonly ObjectKey[]): Promise<ReadonlyMap<string, Mapping>> {
    const [first] = sources;
    if (first === undefined) return new Map();
    const rows = await this.read((knex) => {
      const query = this.rowsOf(knex, first);
      // Building the alternatives is synchronous; the builder's own promise is the query.
      return query.andWhere((any) => {
        for (const { type, objectId } of sources) {
          void any.orWhere(
            (one) => void one.whereIn('type_name', typeNames(type, true)).andWhere({ org1_type_id: objectId }),
          );
        }
      });
    });
    const found = new Map<string, Mapping>();
    // Both names of one note: the task's own name is the newer row (v1 looked there but never wrote it).
    for (const row of rows.sort((a, b) => rank(a) - rank(b))) {
      const mapping = toMapping(row);
      found.set(keyText(mapping.source), mapping);
    }
    return found;
  }

  async flagged(incident: ObjectKey, flag: keyof MappingFlags): Promise<readonly Mapping[]> {
    const rows = await this.read((knex) => this.rowsOf(knex, incident).whereNotNull('soar_feed_flags'));
    return rows.map(toMapping).filter((mapping) => mapping.flags[flag] !== undefined);
  }

  async mappedTargets(targetIncidentId: number, type: string): Promise<ReadonlySet<number>> {
    const rows = await this.read((knex) =>
      knex<SyncRow>(SYNC)
        .where({ org2: this.current.table.org2, org2_inc_id: targetIncidentId, status: 'active' })
        .whereIn('type_name', typeNames(type, false)),
    );
    return new Set(rows.flatMap((row) => targetIds(toMapping(row))));
  }

  async othersWithTarget(source: ObjectKey, targetId: number): Promise<readonly ObjectKey[]> {
    const rows = await this.read((knex) =>
      this.rowsOf(knex, source).whereIn('type_name', typeNames(source.type, false)).andWhere({ status: 'active' }),
    );
    return rows
      .map(toMapping)
      .filter((mapping) => mapping.source.objectId !== source.objectId && targetIds(mapping).includes(targetId))
      .map((mapping) => mapping.source);
  }

  intent(source: ObjectKey): Intent | undefined {
    return this.intents.get(keyText(source));
  }

  async begin(intent: Intent): Promise<void> {
    await this.write({ begin: intent });
    this.intents.set(keyText(intent.source), intent);
  }

  async forgetIntent(source: ObjectKey): Promise<void> {
    if (!this.intents.has(keyText(source))) return;
    await this.write({ end: source });
    this.intents.delete(keyText(source));
  }

  async link(source: ObjectKey, link: Link): Promise<void> {
    const hadIntent = this.intents.has(keyText(source));
    await this.write({ link: { source, link }, begin: link.next, ...(hadIntent ? { end: source } : {}) });
    this.intents.delete(keyText(source));
    if (link.next !== undefined) this.intents.set(keyText(link.next.source), link.next);
  }

  async mark(source: ObjectKey, state: MappingState, flags: MappingFlags = {}): Promise<void> {
    const row = { status: state, soar_feed_flags: flagText(flags) };
    await this.commit(async (trx) => {
      const { table } = this.current;
      const now = nowOf(trx, table);
      const below = await this.below(trx, source);
      const own = await this.rowOf(trx, source).update({ ...row, last_sync: now });
      if (own === 0)
        await putRows(trx, table, [{ ...rowKeyOf(source, table), ...row, soar_feed_verified: Date.now() }]);
      await below?.().andWhere({ status: 'active' }).update({ status: state, last_sync: now, soar_feed_flags: null });
    });
  }

  async flag(source: ObjectKey, flags: MappingFlags): Promise<void> {
    await this.commit(async (trx) => {
      await this.rowOf(trx, source).update({
        soar_feed_flags: flagText(flags),
        last_sync: nowOf(trx, this.current.table),
      });
    });
  }

  async forget(source: ObjectKey): Promise<void> {
    await this.commit(async (trx) => {
      const below = await this.below(trx, source);
      await below?.().delete();
      await this.rowOf(trx, source).delete();
    });
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    if (opened === undefined) return;
    await opened.commits.close();
    await opened.lease.release();
    await opened.database.close();
  }

  /** Rows of the incident that `key` belongs to. */
  private rowsOf(knex: Knex, key: ObjectKey): Rows {
    return knex(SYNC).where({ org1: key.orgId, org1_inc_id: key.incidentId, org2: this.current.table.org2 });
  }

  private rowOf(knex: Knex, key: ObjectKey): Rows {
    return this.rowsOf(knex, key)
      .whereIn('type_name', typeNames(key.type, true))
      .andWhere({ org1_type_id: key.objectId });
  }

  /**
   * What hangs below an incident or a task; IBM's rows do not know their task, those stay. A function, as a builder that
   * is awaited runs its query.
   */
  private async below(trx: Knex, source: ObjectKey): Promise<(() => Rows) | undefined> {
    if (isIncident(source)) return () => this.rowsOf(trx, source).whereNot({ type_name: 'incident' });
    if (source.type !== 'task') return undefined;
    const [row] = await this.rowOf(trx, source);
    const taskId = row === undefined ? undefined : toMapping(row).target?.objectId;
    return taskId === undefined ? undefined : () => this.rowsOf(trx, source).andWhere({ soar_feed_task: taskId });
  }

  /** Does not wait for a commit under way: who waits for one has asked for it, and is answered after it. */
  private async read<T>(query: (knex: Knex) => PromiseLike<T>): Promise<T> {
    const { database } = this.current;
    try {
      return await query(database.reader);
    } catch (error) {
      throw asStoreError(error, database, 'read the mapping');
    }
  }

  private write(write: MappingWrite): Promise<void> {
    return this.storing(() => this.current.batch.add(write));
  }

  private commit(work: (trx: Knex) => Promise<void>): Promise<void> {
    return this.storing(() => this.current.commits.run(work));
  }

  private async storing(work: () => Promise<void>): Promise<void> {
    const { database } = this.current;
    try {
      await work();
    } catch (error) {
      throw asStoreError(error, database, 'write the mapping');
    }
  }

  private get current(): Opened {
    if (this.opened === undefined)
      throw new StoreError('The mapping database is not open.', { code: 'mapping-closed' });
    return this.opened;
  }
}

function targetIds({ target }: Mapping): readonly number[] {
  return target === undefined ? [] : [target.objectId, ...(target.extraIds ?? [])];
}

function rowKeyOf(source: ObjectKey, { org2 }: SyncTable): Partial<SyncRow> {
  const [name] = typeNames(source.type, false);
  return { type_name: name, org1: source.orgId, org1_inc_id: source.incidentId, org1_type_id: source.objectId, org2 };
}

function rank(row: SyncRow): number {
  return row.type_name.startsWith('task') ? 1 : 0;
}

/** Faults that the store layer does not know by name are faults of the mapping all the same: never an absence. */
function asStoreError(error: unknown, database: Database, doing: string): FeedError {
  const known = storeErrorOf(error, database.name);
  if (FeedError.is(known)) return known;
  const why = error instanceof Error ? error.message : String(error);
  return new StoreError(`Cannot ${doing} (${database.name}): ${why}`, { code: 'mapping-unavailable', cause: error });
}
