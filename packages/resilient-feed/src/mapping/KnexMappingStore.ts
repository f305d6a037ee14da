import { StoreError, isIncident, keyText } from '@soar-feed/core';
import type { ObjectKey, FeedError } from '@soar-feed/core';
import { GroupCommit } from '@soar-feed/store';
import type { DatabaseConfig } from '@soar-feed/store';
import type { Knex } from 'knex';
import { applyWrites, putRows, touched } from './applyWrites.js';
import type { MappingWrite, SyncTable } from './applyWrites.js';
import { doubtOf, putDoubt } from './doubts.js';
import { Generation } from './Generation.js';
import { INTENTS, toIntent } from './IntentRow.js';
import type { IntentRow } from './IntentRow.js';
import type { Intent } from './Intent.js';
import { inspectSyncTable } from './inspectSyncTable.js';
import { KnownRows } from './KnownRows.js';
import type { Mapping, MappingState, Standing } from './Mapping.js';
import type { MappingFlags } from './MappingFlags.js';
import type { Link, MappingStore } from './MappingStore.js';
import { asStoreError, inspectMapping, openMapping } from './openMapping.js';
import type { OpenedMapping } from './openMapping.js';
import { forgetRetries, retriesOf } from './retries.js';
import { SYNC } from './steps.js';
import { flagText, toMapping } from './SyncRow.js';
import type { SyncRow, SyncTimes } from './SyncRow.js';
import { typeNames } from './typeNames.js';
import { WriteBatch } from './WriteBatch.js';

interface Opened extends OpenedMapping {
  readonly commits: GroupCommit;
  readonly batch: WriteBatch;
  readonly table: SyncTable;
}

/** A query on IBM's table. */
type Rows = Knex.QueryBuilder<Record<string, unknown>, (SyncRow & SyncTimes)[]>;

/**
 * IBM's `data_feeder_sync` on SQLite or PostgreSQL: the same rows an IBM feed wrote, and could read again. Open intents
 * stand in a table of our own. This feed being their only writer, what was used last is kept in memory, and what is
 * being committed is there already.
 */
export class KnexMappingStore implements MappingStore {
  private opened: Opened | undefined;
  private wasOpen = false;
  private readonly intents = new Map<string, Intent>();
  private readonly rows = new KnownRows((incident) => this.load(incident));
  /** Targets of links that are being committed, by `keyText`. */
  private readonly committing = new Map<string, Mapping>();
  /** Commits of links that end a create, by `keyText`. */
  private readonly endings = new Map<string, Promise<void>>();
  /** Source incidents (`keyText`) by the target's. */
  private readonly claims = new Map<number, string>();

  constructor(private readonly config: DatabaseConfig) {}

  async inspect(): Promise<void> {
    if (this.opened === undefined) await inspectMapping(this.config, { mustExist: this.wasOpen });
  }

  async check(): Promise<void> {
    const { database, lease } = this.current;
    await database.check();
    await lease.check();
  }

  /** Throws `StoreError`: `store-held` names the process that uses the mapping, `mapping-foreign` a table not IBM's. */
  async open(targetOrgId: number): Promise<void> {
    if (this.opened !== undefined) return;
    const mapping = await openMapping(this.config, targetOrgId, { mustExist: this.wasOpen });
    try {
      this.opened = await this.prepare(mapping, targetOrgId);
      this.wasOpen = true;
    } catch (error) {
      await mapping.lease.release();
      await mapping.database.close();
      throw asStoreError(error, mapping.database, 'open the mapping');
    }
  }

  private async prepare(mapping: OpenedMapping, org2: number): Promise<Opened> {
    const { database, lease } = mapping;
    const { columns, uniqueTargets } = await inspectSyncTable(database);
    this.intents.clear();
    this.rows.clear();
    this.committing.clear();
    this.endings.clear();
    this.claims.clear();
    for (const row of await database.knex<IntentRow>(INTENTS).where({ org2 })) {
      this.intents.set(keyText(toIntent(row).source), toIntent(row));
    }
    const generation = new Generation(org2);
    const commits = new GroupCommit(database, {
      before: async (trx) => {
        await lease.fence(trx);
        await generation.advance(trx);
      },
    });
    const table = { org2, dialect: database.dialect, hasRole: columns.has('sync_role_source'), uniqueTargets };
    const batch = new WriteBatch(commits, (trx, writes) => applyWrites(trx, table, writes));
    return { ...mapping, commits, batch, table };
  }

  async find(source: ObjectKey): Promise<Mapping | undefined> {
    return (await this.rowsOf(source)).get(keyText(source));
  }

  async findAll(sources: readonly ObjectKey[]): Promise<ReadonlyMap<string, Mapping>> {
    const [first] = sources;
    if (first === undefined) return new Map();
    const rows = await this.rowsOf(first);
    const wanted = sources.map((source) => rows.get(keyText(source))).filter((row) => row !== undefined);
    return new Map(wanted.map((mapping) => [keyText(mapping.source), mapping]));
  }

  async placesOf(incident: ObjectKey): Promise<readonly number[]> {
    const rows = [...(await this.rowsOf(incident)).values()];
    return [...new Set(rows.flatMap(({ state, target }) => (state === 'active' && target ? target.incidentId : [])))];
  }

  async newestTarget(sourceOrgId: number): Promise<number> {
    const rows: readonly { readonly newest: number | string | null }[] = await this.read((knex) =>
      knex(SYNC).where({ org1: sourceOrgId, org2: this.current.table.org2 }).max({ newest: 'org2_inc_id' }),
    );
    return Number(rows[0]?.newest ?? 0);
  }

  async flagged(incident: ObjectKey, flag: keyof MappingFlags): Promise<readonly Mapping[]> {
    return [...(await this.rowsOf(incident)).values()].filter((mapping) => mapping.flags[flag] !== undefined);
  }

  async standing(incident: ObjectKey, type: string): Promise<readonly Standing[]> {
    return [...(await this.rowsOf(incident)).values()]
      .filter(({ source, state, verified }) => source.type === type && state === 'active' && verified)
      .filter((mapping): mapping is Standing => mapping.target !== undefined);
  }

  async mappedTargets(targetIncidentId: number, type: string): Promise<ReadonlySet<number>> {
    const committing = [...this.committing.values()].filter(
      ({ source, target }) => source.type === type && target?.incidentId === targetIncidentId,
    );
    const rows = await this.read((knex) =>
      knex<SyncRow & SyncTimes>(SYNC)
        .where({ org2: this.current.table.org2, org2_inc_id: targetIncidentId })
        // What was left there for good is nobody else's either.
        .whereIn('status', ['active', 'bypassed'])
        .whereIn('type_name', typeNames(type, false)),
    );
    return new Set([...rows.map(toMapping), ...committing].flatMap(targetIds));
  }

  claim(targetIncidentId: number, source: ObjectKey): boolean {
    const owner = this.claims.get(targetIncidentId) ?? keyText(source);
    this.claims.set(targetIncidentId, owner);
    return owner === keyText(source);
  }

  async othersWithTarget(source: ObjectKey, targetId: number): Promise<readonly ObjectKey[]> {
    return [...(await this.rowsOf(source)).values()]
      .filter((other) => other.state === 'active' && other.source.type === source.type)
      .filter((other) => other.source.objectId !== source.objectId && targetIds(other).includes(targetId))
      .map((other) => other.source);
  }

  intent(source: ObjectKey): Intent | undefined {
    return this.intents.get(keyText(source));
  }

  async begin(intent: Intent): Promise<void> {
    await this.write({ begin: intent });
    this.intents.set(keyText(intent.source), intent);
  }

  async forgetIntent(source: ObjectKey, only?: Intent): Promise<void> {
    if (only !== undefined && this.intent(source) !== only) return;
    const intent = this.takeIntent(source);
    if (intent === undefined) return;
    await this.write({ end: source }, { patient: true }).catch((error: unknown) => {
      this.intents.set(keyText(source), intent);
      throw error;
    });
  }

  async link(source: ObjectKey, link: Link): Promise<void> {
    const { target, digests, version, flags = {}, next } = link;
    const mapping: Mapping = {
      ...{ source, state: 'active', target, digests, flags, verified: true },
      ...(version === undefined ? {} : { version }),
    };
    const intent = this.takeIntent(source);
    if (next !== undefined) this.intents.set(keyText(next.source), next);
    this.committing.set(keyText(source), mapping);
    const write = { link: { source, link }, begin: next, ...(intent === undefined ? {} : { end: source }) };
    const commit = this.rows.put(mapping, this.write(write, { patient: true }));
    if (intent !== undefined) this.endings.set(keyText(source), commit);
    try {
      await commit;
    } catch (error) {
      if (intent !== undefined) this.intents.set(keyText(source), intent);
      if (next !== undefined) this.intents.delete(keyText(next.source));
      throw error;
    } finally {
      if (this.committing.get(keyText(source)) === mapping) this.committing.delete(keyText(source));
      if (this.endings.get(keyText(source)) === commit) this.endings.delete(keyText(source));
    }
  }

  ending(source: ObjectKey): Promise<void> | undefined {
    return this.endings.get(keyText(source));
  }

  async mark(source: ObjectKey, state: MappingState, flags: MappingFlags = {}): Promise<void> {
    const row = { status: state, soar_feed_flags: flagText(flags) };
    await this.commit(source, async (trx) => {
      const { table } = this.current;
      const times = touched(trx, table);
      const below = await this.below(trx, source);
      const own = await this.rowOf(trx, source).update({ ...row, ...times });
      if (own === 0)
        await putRows(trx, table, [{ ...rowKeyOf(source, table), ...row, soar_feed_verified: Date.now() }]);
      await below?.()
        .andWhere({ status: 'active' })
        .update({ status: state, ...times, soar_feed_flags: null });
    });
  }

  async revive(incident: ObjectKey): Promise<void> {
    await this.commit(incident, async (trx) => {
      const active = { status: 'active', ...touched(trx, this.current.table) } as const;
      await this.queryOf(trx, incident).andWhere({ status: 'bypassed' }).update(active);
      await this.putFlags(trx, incident, { resyncDue: true });
    });
  }

  async flag(source: ObjectKey, flags: MappingFlags): Promise<void> {
    await this.commit(source, (trx) => this.putFlags(trx, source, flags));
  }

  async forget(source: ObjectKey): Promise<void> {
    await this.commit(source, (trx) => this.drop(trx, source));
  }

  async forgetBelow(incident: ObjectKey, gone: readonly ObjectKey[], flags: MappingFlags): Promise<void> {
    await this.commit(incident, async (trx) => {
      for (const source of gone) await this.drop(trx, source);
      await this.putFlags(trx, incident, flags);
    });
  }

  async unmatch(incident: ObjectKey): Promise<void> {
    await this.commit(incident, async (trx) => {
      const { table } = this.current;
      await this.queryOf(trx, incident).delete();
      await putRows(trx, table, [{ ...rowKeyOf(incident, table), status: 'filtered', soar_feed_verified: Date.now() }]);
    });
  }

  async doubt(source: ObjectKey): Promise<string | undefined> {
    return this.read((knex) => doubtOf(knex, source, this.current.table.org2));
  }

  async setDoubt(source: ObjectKey, eventId: string): Promise<void> {
    const { commits, table } = this.current;
    await this.storing(() => commits.run((trx) => putDoubt(trx, source, table.org2, eventId)));
  }

  async retries(sourceOrgId: number): Promise<readonly number[]> {
    return this.read((knex) => retriesOf(knex, sourceOrgId, this.current.table.org2));
  }

  async forgetRetries(sourceOrgId: number, incidentIds: readonly number[]): Promise<void> {
    const { commits, table } = this.current;
    await this.storing(() => commits.run((trx) => forgetRetries(trx, sourceOrgId, table.org2, incidentIds)));
  }

  async close(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    if (opened === undefined) return;
    opened.batch.go();
    await opened.commits.close();
    await opened.lease.release();
    await opened.database.close();
  }

  private async rowsOf(key: ObjectKey): Promise<ReadonlyMap<string, Mapping>> {
    if (this.opened === undefined) throw notOpen();
    return this.rows.of(key);
  }

  private async load(incident: ObjectKey): Promise<Map<string, Mapping>> {
    const rows = await this.read((knex) => this.queryOf(knex, incident));
    // Both names of one note: the task's own name is the newer row (v1 looked there but never wrote it).
    const mappings = rows.sort((a, b) => rank(a) - rank(b)).map(toMapping);
    return new Map(mappings.map((mapping) => [keyText(mapping.source), mapping]));
  }

  /** Rows of the incident that `key` belongs to. */
  private queryOf(knex: Knex, key: ObjectKey): Rows {
    return knex(SYNC).where({ org1: key.orgId, org1_inc_id: key.incidentId, org2: this.current.table.org2 });
  }

  private rowOf(knex: Knex, key: ObjectKey): Rows {
    return this.queryOf(knex, key)
      .whereIn('type_name', typeNames(key.type, true))
      .andWhere({ org1_type_id: key.objectId });
  }

  private async putFlags(trx: Knex, source: ObjectKey, flags: MappingFlags): Promise<void> {
    const times = touched(trx, this.current.table);
    await this.rowOf(trx, source).update({ soar_feed_flags: flagText(flags), ...times });
  }

  private async drop(trx: Knex, source: ObjectKey): Promise<void> {
    const below = await this.below(trx, source);
    await below?.().delete();
    await this.rowOf(trx, source).delete();
  }

  /**
   * What hangs below an incident or a task; IBM's rows do not know their task, those stay. A function, as a builder that
   * is awaited runs its query.
   */
  private async below(trx: Knex, source: ObjectKey): Promise<(() => Rows) | undefined> {
    if (isIncident(source)) return () => this.queryOf(trx, source).whereNot({ type_name: 'incident' });
    if (source.type !== 'task') return undefined;
    const [row] = await this.rowOf(trx, source);
    const taskId = row === undefined ? undefined : toMapping(row).target?.objectId;
    return taskId === undefined ? undefined : () => this.queryOf(trx, source).andWhere({ soar_feed_task: taskId });
  }

  private takeIntent(source: ObjectKey): Intent | undefined {
    const intent = this.intents.get(keyText(source));
    this.intents.delete(keyText(source));
    return intent;
  }

  /** Does not wait for a commit under way: what it holds is known. */
  private async read<T>(query: (knex: Knex) => PromiseLike<T>): Promise<T> {
    const { database } = this.current;
    try {
      return await query(database.reader);
    } catch (error) {
      throw asStoreError(error, database, 'read the mapping');
    }
  }

  private write(write: MappingWrite, options: { readonly patient?: boolean } = {}): Promise<void> {
    return this.storing(() => this.current.batch.add(write, options));
  }

  /** A change of the rows of one incident, after all that was asked for before. */
  private async commit(source: ObjectKey, work: (trx: Knex) => Promise<void>): Promise<void> {
    const { batch, commits } = this.current;
    try {
      batch.go();
      await this.storing(() => commits.run(work));
    } finally {
      this.rows.forget(source);
    }
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
    if (this.opened === undefined) throw notOpen();
    return this.opened;
  }
}

function notOpen(): FeedError {
  return new StoreError('The mapping database is not open.', { code: 'mapping-closed' });
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
