import { incidentKey, isIncident, taskIdOf } from '@soar-feed/core';
import type { DeliveryResult, FeedEvent, ObjectKey } from '@soar-feed/core';
import type { Knex } from 'knex';
import { from } from '../catalogue/NameBook.js';
import type { Catalogue } from '../catalogue/Catalogue.js';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { Bound } from '../dialects/Dialect.js';
import type { ObservedFeed, RowChange, RowObserver } from '../RowObserver.js';
import type { Deletes } from './Deletes.js';
import type { Ledger, LedgerTable, Place } from './Ledger.js';
import { PendingRows } from './PendingRows.js';
import { groupBy } from './groupBy.js';
import { inSlices } from './slices.js';

/** An event with the table that it goes to. */
export interface Prepared {
  readonly event: FeedEvent;
  readonly plan: TablePlan;
  /** By column; empty for a delete. */
  readonly values: ReadonlyMap<string, Bound>;
  /** Replies that are gone with a deleted note. */
  readonly replies?: readonly number[];
}

export interface BatchParts {
  readonly database: SqlDatabase;
  readonly catalogue: Catalogue;
  readonly ledger: LedgerTable;
  readonly deletes: Deletes;
  /** The database refuses a row without its parent: it waits. */
  readonly foreignKeys: boolean;
  readonly observers: readonly RowObserver[];
  readonly observed: ObservedFeed;
}

/** Writes a batch in one transaction: all of it, or nothing. */
export class BatchWriter {
  constructor(private readonly parts: BatchParts) {}

  write(batch: readonly Prepared[]): Promise<readonly DeliveryResult[]> {
    return this.parts.database.transaction((trx) => this.writeIn(trx, batch));
  }

  private async writeIn(trx: Knex, batch: readonly Prepared[]): Promise<readonly DeliveryResult[]> {
    const { database, deletes, observers, observed } = this.parts;
    const ledger = await this.parts.ledger.read(
      trx,
      batch.flatMap(({ event, plan, replies = [] }) => [
        ...this.placesOf(event, plan),
        ...replies.map((id) => ({ ...placeOf(event, plan), id })),
      ]),
    );
    const present = await this.presentOf(trx, batch, ledger);
    const pending = new PendingRows(database);
    const changes: RowChange[] = [];
    const results: DeliveryResult[] = [];
    for (const { event, plan, values, replies = [] } of batch) {
      const place = placeOf(event, plan);
      if (event.operation === 'delete') {
        await pending.flush(trx);
        const { changed, change } = await deletes.apply(trx, { event, plan, replies }, ledger);
        changes.push(change);
        results.push({ status: 'delivered', change: changed ? 'deleted' : 'unchanged', ref: refOf(place) });
        continue;
      }
      const gone = ledger.whyGone(event, [place, ...this.above(event)]);
      if (gone !== undefined || ledger.isStale(event, place)) {
        // A newer version stands for the older one as well.
        results.push(
          gone === undefined
            ? { status: 'delivered', change: 'unchanged', ref: refOf(place) }
            : { status: 'skipped', reason: gone },
        );
        continue;
      }
      const missing = this.missingParent(event, ledger, present);
      if (missing !== undefined) {
        results.push({ status: 'waiting', on: missing });
        continue;
      }
      if (event.restored === true && ledger.isDeleted(place)) await this.raise(trx, ledger, event);
      const known = ledger.has(place) ? !ledger.isDeleted(place) : present.has(refOf(place));
      pending.add(plan, place.id, values);
      ledger.note(event, place);
      changes.push({ kind: 'upsert', event, plan, row: values, created: !known });
      results.push({ status: 'delivered', change: known ? 'updated' : 'created', ref: refOf(place) });
    }
    await pending.flush(trx);
    await ledger.save(trx);
    for (const observer of observers) await observer.written(trx, changes, observed);
    return results;
  }

  /** What was deleted is back, and with it what hangs below. */
  private async raise(trx: Knex, ledger: Ledger, { key }: FeedEvent): Promise<void> {
    if (isIncident(key)) await ledger.forgetBelow(trx, 'inc_id', key.objectId, key.objectId);
    else if (key.type === 'task') await ledger.forgetBelow(trx, 'task_id', key.incidentId, key.objectId);
  }

  /** The row itself, its incident and its task: any of them may have been deleted. */
  private placesOf(event: FeedEvent, plan: TablePlan): readonly Place[] {
    return [placeOf(event, plan), ...this.above(event)];
  }

  private above(event: FeedEvent): readonly Place[] {
    if (isIncident(event.key)) return [];
    const { incidentId } = event.key;
    const task = taskIdOf(event);
    const names = new Map(this.parts.catalogue.plans().map(({ type, table }) => [type, table.name]));
    const [incidents, tasks] = [names.get(incidentKey(event.key).type), names.get('task')];
    return [
      ...(incidents === undefined ? [] : [{ table: incidents, id: incidentId, incidentId }]),
      ...(tasks === undefined || task === undefined ? [] : [{ table: tasks, id: task, incidentId }]),
    ];
  }

  /** With foreign keys: the incident or task that is not there yet. */
  private missingParent(event: FeedEvent, ledger: Ledger, present: ReadonlySet<string>): ObjectKey | undefined {
    if (!this.parts.foreignKeys || isIncident(event.key)) return undefined;
    const task = taskIdOf(event);
    const parents = [
      incidentKey(event.key),
      ...(task === undefined ? [] : [{ ...event.key, type: 'task', objectId: task }]),
    ];
    return parents.find((parent) => {
      const plan = this.parts.catalogue.plans().find(({ type }) => type === parent.type);
      if (plan === undefined) return true;
      const place = { table: plan.table.name, id: parent.objectId };
      return ledger.has(place) ? ledger.isDeleted(place) : !present.has(refOf(place));
    });
  }

  /** Rows that are there without an entry in the ledger: IBM's feed wrote them. */
  private async presentOf(trx: Knex, batch: readonly Prepared[], ledger: Ledger): Promise<ReadonlySet<string>> {
    const { database } = this.parts;
    const places = batch
      .filter(({ event }) => event.operation === 'upsert')
      .flatMap(({ event, plan }) => (this.parts.foreignKeys ? this.placesOf(event, plan) : [placeOf(event, plan)]));
    const unknown = places.filter((place) => !ledger.has(place));
    const plans = new Map(
      [...this.parts.catalogue.plans(), ...batch.map(({ plan }) => plan)].map((plan) => [plan.table.name, plan]),
    );
    const present = new Set<string>();
    for (const [name, rows] of groupBy(unknown, ({ table }) => table)) {
      const plan = plans.get(name);
      if (plan === undefined) continue;
      const { table } = plan;
      const id = plan.columns.get(OWN_COLUMNS.id)?.name ?? OWN_COLUMNS.id;
      const ids = [...new Set(rows.map((row) => row.id))];
      for (const slice of inSlices(ids, database.dialect.limits.list)) {
        const query = from(trx, table)
          .whereIn(id, [...slice])
          .select(id);
        const found = await runStatement<readonly Readonly<Record<string, unknown>>[]>(trx, query, database, table);
        for (const row of found) present.add(refOf({ table: table.name, id: Number(row[id]) }));
      }
    }
    return present;
  }
}

function placeOf(event: FeedEvent, plan: TablePlan): Place {
  const { objectId: id, incidentId } = event.key;
  return { table: plan.table.name, id, incidentId, taskId: taskIdOf(event) };
}

function refOf({ table, id }: Pick<Place, 'table' | 'id'>): string {
  return `${table} ${id}`;
}
