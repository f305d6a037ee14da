import { surroundings } from '@soar-feed/core';
import type { Logger } from '@soar-feed/core';
import type { Knex } from 'knex';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import type { Bound, ColumnOf } from '../dialects/Dialect.js';
import type { ObservedFeed, RowChange, RowObserver } from '../RowObserver.js';
import { columnBelow } from '../rows/Deletes.js';
import { groupBy } from '../rows/groupBy.js';
import { changedBy } from './changedBy.js';
import { endVanished, endVersions } from './endVersions.js';
import { historyColumn, keyColumn } from './HistoryPlan.js';
import type { HistoryPlan } from './HistoryPlan.js';
import { HistoryTables } from './HistoryTables.js';
import { readCurrent, readLast } from './readLast.js';
import { VersionFold } from './VersionFold.js';
import { writeVersions } from './writeVersions.js';

type Upsert = Extract<RowChange, { kind: 'upsert' }>;
type Delete = Extract<RowChange, { kind: 'delete' }>;

/**
 * Keeps every version of every object in `<table>_history`, written in the transaction of the current rows. The open
 * version of an object always equals its current row; a deleted object has none.
 */
export class History implements RowObserver {
  private tables: HistoryTables | undefined;

  constructor(
    private readonly log: Pick<Logger, 'warn'>,
    /** Before the type of a column of the history is changed. */
    private readonly beforeChange: (trx: Knex, feed: ObservedFeed) => Promise<void> = async () => undefined,
    private readonly now: () => number = () => surroundings().now(),
  ) {}

  /** By the name of the current table. */
  historyOf(table: string): HistoryPlan | undefined {
    return this.tables?.get(table);
  }

  async open(feed: ObservedFeed): Promise<void> {
    this.tables = new HistoryTables(feed.database, this.log, (trx) => this.beforeChange(trx, feed));
  }

  async planned(current: TablePlan, { database }: ObservedFeed): Promise<void> {
    const isNews = this.tables?.get(current.table.name) === undefined;
    const plan = await this.tables?.follow(current);
    if (plan === undefined || !isNews) return;
    await database.transaction((trx) => endVanished(trx, plan, this.now(), database));
  }

  async written(trx: Knex, changes: readonly RowChange[], feed: ObservedFeed): Promise<void> {
    let upserts: Upsert[] = [];
    for (const change of changes) {
      if (change.kind === 'upsert') {
        upserts.push(change);
        continue;
      }
      await this.add(trx, upserts, feed);
      upserts = [];
      await this.end(trx, change, feed);
    }
    await this.add(trx, upserts, feed);
  }

  private async add(trx: Knex, changes: readonly Upsert[], { database }: ObservedFeed): Promise<void> {
    for (const [table, group] of groupBy(changes, ({ plan }) => plan.table.name)) {
      const plan = this.planOf(table);
      const columns = [...plan.columns];
      const missing = columns.filter(([name]) => group.some(({ row }) => !row.has(name))).map(([, column]) => column);
      const ids = [...new Set(group.map(({ event }) => event.key.objectId))];
      const last = await readLast(trx, plan, ids, missing, database);
      const before = await this.notKept(
        trx,
        plan,
        group.filter(({ event }) => !last.has(event.key.objectId)),
        missing,
        database,
      );
      const fold = new VersionFold(last);
      const byVersion = new Map<object, Upsert>();
      for (const change of group) {
        const { event, row, created } = change;
        byVersion.set(event, change);
        const given = columns.flatMap(([name, column]): [string, Bound][] => {
          const value = row.get(name);
          return value === undefined ? [] : [[column.name, value]];
        });
        const values = new Map([...(before.get(event.key.objectId) ?? []), ...given]);
        fold.add({ event, values, created, marked: plan.current.deleted !== undefined });
      }
      const who = ({ event, operation }: (typeof fold.versions)[number]): string | null => {
        const change = byVersion.get(event);
        return change === undefined ? null : changedBy(event, operation, change);
      };
      await writeVersions(trx, plan, fold, who, database);
    }
  }

  /** Values of rows that are older than the history, which the event leaves out. */
  private async notKept(
    trx: Knex,
    plan: HistoryPlan,
    group: readonly Upsert[],
    missing: readonly ColumnOf[],
    database: ObservedFeed['database'],
  ): Promise<ReadonlyMap<number, ReadonlyMap<string, Bound>>> {
    const ids = group.filter(({ created }) => !created).map(({ event }) => event.key.objectId);
    return ids.length === 0 || missing.length === 0 ? new Map() : readCurrent(trx, plan, ids, missing, database);
  }

  private async end(trx: Knex, { event, plan, scope, ids }: Delete, { database }: ObservedFeed): Promise<void> {
    const { objectId } = event.key;
    const atMs = event.observedAtMs;
    const own = this.planOf(plan.table.name);
    const column = keyColumn(own, database.dialect);
    await endVersions(trx, own, { column, ids, atMs }, database);
    if (scope === 'object') return;
    for (const below of this.tables?.all() ?? []) {
      const by = columnBelow(below.current, scope);
      const name = by === undefined ? undefined : below.columns.get(by.name)?.name;
      // A task of another incident may have had this id, in a source restored from a backup.
      const incident = scope === 'task' ? historyColumn(below, OWN_COLUMNS.incident)?.name : undefined;
      const within = incident === undefined ? {} : { within: { column: incident, id: event.key.incidentId } };
      if (name !== undefined)
        await endVersions(trx, below, { column: name, ids: [objectId], atMs, ...within }, database);
    }
  }

  private planOf(table: string): HistoryPlan {
    const plan = this.tables?.get(table);
    if (plan === undefined) throw new Error(`No history was made for table ${table}.`);
    return plan;
  }
}
