import { FeedError, StoreError, isIncident, keyText } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import { GroupCommit, Lease, migrate, openDatabase, storeErrorOf } from '@soar-feed/store';
import type { Database, DatabaseConfig } from '@soar-feed/store';
import type { Knex } from 'knex';
import { INTENTS, fromIntent, toIntent } from './IntentRow.js';
import type { IntentRow } from './IntentRow.js';
import type { Intent } from './Intent.js';
import type { Mapping, MappingState } from './Mapping.js';
import type { MappingFlags } from './MappingFlags.js';
import type { Link, MappingStore } from './MappingStore.js';
import { inspectSyncTable } from './inspectSyncTable.js';
import { SYNC, mappingSteps } from './steps.js';
import { toMapping } from './SyncRow.js';
import type { SyncRow } from './SyncRow.js';
import { typeNames } from './typeNames.js';

interface Opened {
  readonly database: Database;
  readonly lease: Lease;
  readonly commits: GroupCommit;
  /** The target org. */
  readonly org2: number;
  /** IBM's v2 column `sync_role_source`. */
  readonly hasRole: boolean;
  /** IBM's v2 allows one row per target object. */
  readonly uniqueTargets: boolean;
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
    return { database, lease, commits, org2, hasRole: columns.has('sync_role_source'), uniqueTargets };
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
        .where({ org2: this.current.org2, org2_inc_id: targetIncidentId, status: 'active' })
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
    await this.commit((trx) => this.putIntent(trx, intent));
    this.intents.set(keyText(intent.source), intent);
  }

  async forgetIntent(source: ObjectKey): Promise<void> {
    if (!this.intents.has(keyText(source))) return;
    await this.commit((trx) => this.dropIntent(trx, source));
    this.intents.delete(keyText(source));
  }

  async link(source: ObjectKey, link: Link): Promise<void> {
    const hadIntent = this.intents.has(keyText(source));
    await this.commit(async (trx) => {
      await this.putRow(trx, source, link);
      if (hadIntent) await this.dropIntent(trx, source);
      if (link.next !== undefined) await this.putIntent(trx, link.next);
    });
    this.intents.delete(keyText(source));
    if (link.next !== undefined) this.intents.set(keyText(link.next.source), link.next);
  }

  async mark(source: ObjectKey, state: MappingState, flags: MappingFlags = {}): Promise<void> {
    const row = { status: state, soar_feed_flags: flagText(flags) };
    await this.commit(async (trx) => {
      const now = this.now(trx);
      const below = await this.below(trx, source);
      const own = await this.rowOf(trx, source).update({ ...row, last_sync: now });
      if (own === 0)
        await this.insert(trx, source, typeNames(source.type, false)[0], { ...row, soar_feed_verified: Date.now() });
      await below?.().andWhere({ status: 'active' }).update({ status: state, last_sync: now, soar_feed_flags: null });
    });
  }

  async flag(source: ObjectKey, flags: MappingFlags): Promise<void> {
    await this.commit(async (trx) => {
      await this.rowOf(trx, source).update({ soar_feed_flags: flagText(flags), last_sync: this.now(trx) });
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
    return knex(SYNC).where({ org1: key.orgId, org1_inc_id: key.incidentId, org2: this.current.org2 });
  }

  private rowOf(knex: Knex, key: ObjectKey): Rows {
    return this.rowsOf(knex, key)
      .whereIn('type_name', typeNames(key.type, true))
      .andWhere({ org1_type_id: key.objectId });
  }

  /** What hangs below an incident or a task (a builder awaited is a query run: hence the function). IBM's rows do not know their task: those stay. */
  private async below(trx: Knex, source: ObjectKey): Promise<(() => Rows) | undefined> {
    if (isIncident(source)) return () => this.rowsOf(trx, source).whereNot({ type_name: 'incident' });
    if (source.type !== 'task') return undefined;
    const [row] = await this.rowOf(trx, source);
    const taskId = row === undefined ? undefined : toMapping(row).target?.objectId;
    return taskId === undefined ? undefined : () => this.rowsOf(trx, source).andWhere({ soar_feed_task: taskId });
  }

  private async putRow(trx: Knex, source: ObjectKey, link: Link): Promise<void> {
    const { target } = link;
    const [name, ...otherNames] = typeNames(source.type, target.taskId !== undefined);
    if (otherNames.length > 0) {
      await this.rowsOf(trx, source)
        .whereIn('type_name', otherNames)
        .andWhere({ org1_type_id: source.objectId })
        .delete();
    }
    const shared =
      this.current.uniqueTargets && (await this.isTaken(trx, source, name, target.incidentId, target.objectId));
    const extra = [...(shared ? [target.objectId] : []), ...(target.extraIds ?? [])];
    await this.insert(trx, source, name, {
      status: 'active',
      org2_inc_id: target.incidentId,
      org2_type_id: shared ? null : target.objectId,
      soar_feed_digests: JSON.stringify(link.digests),
      soar_feed_version: link.version ?? null,
      soar_feed_flags: flagText(link.flags ?? {}),
      soar_feed_task: target.taskId ?? null,
      soar_feed_extra: extra.length === 0 ? null : JSON.stringify(extra),
      soar_feed_verified: Date.now(),
    });
  }

  /** IBM's v2 allows one row per target object; artifacts that the target merged have more. */
  private async isTaken(
    trx: Knex,
    source: ObjectKey,
    name: string,
    incidentId: number,
    objectId: number,
  ): Promise<boolean> {
    const rows = await trx<SyncRow>(SYNC).where({
      org2: this.current.org2,
      org2_inc_id: incidentId,
      type_name: name,
      org2_type_id: objectId,
      org1: source.orgId,
    });
    return rows.some((row) => keyText(toMapping(row).source) !== keyText(source));
  }

  private async insert(trx: Knex, source: ObjectKey, name: string, values: Partial<SyncRow>): Promise<void> {
    const row = { ...values, last_sync: this.now(trx) };
    await trx(SYNC)
      .insert({
        ...row,
        type_name: name,
        org1: source.orgId,
        org1_inc_id: source.incidentId,
        org1_type_id: source.objectId,
        org2: this.current.org2,
        // As IBM's v2 writes it: this side is the source.
        ...(this.current.hasRole ? { sync_role_source: 'TRUE' } : {}),
      })
      .onConflict(['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2'])
      .merge(row);
  }

  private async putIntent(trx: Knex, intent: Intent): Promise<void> {
    const row = fromIntent(intent, this.current.org2);
    await trx(INTENTS).insert(row).onConflict(['org1', 'org1_inc_id', 'type_name', 'org1_type_id', 'org2']).merge();
  }

  private async dropIntent(trx: Knex, source: ObjectKey): Promise<void> {
    await trx(INTENTS)
      .where({
        org1: source.orgId,
        org1_inc_id: source.incidentId,
        org2: this.current.org2,
        type_name: source.type,
        org1_type_id: source.objectId,
      })
      .delete();
  }

  /** The time as IBM's feed writes it: UTC text on SQLite. */
  private now(knex: Knex): Knex.Raw {
    return this.current.database.dialect === 'sqlite' ? knex.raw("datetime('now')") : knex.raw('NOW()');
  }

  private async read<T>(query: (knex: Knex) => PromiseLike<T>): Promise<T> {
    const { database } = this.current;
    try {
      return await query(database.knex);
    } catch (error) {
      throw asStoreError(error, database, 'read the mapping');
    }
  }

  private async commit(write: (trx: Knex) => Promise<void>): Promise<void> {
    const { commits, database } = this.current;
    try {
      await commits.run(write);
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

function flagText(flags: MappingFlags): string | null {
  return Object.keys(flags).length === 0 ? null : JSON.stringify(flags);
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
