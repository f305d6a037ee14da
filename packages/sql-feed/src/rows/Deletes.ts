import { isIncident, mayBeOfTask } from '@soar-feed/core';
import type { FeedEvent } from '@soar-feed/core';
import type { Knex } from 'knex';
import { from } from '../catalogue/NameBook.js';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { ColumnOf } from '../dialects/Dialect.js';
import type { RowChange } from '../RowObserver.js';
import type { Ledger } from './Ledger.js';
import { inSlices } from './slices.js';

type Deleted = Extract<RowChange, { kind: 'delete' }>;

/** Removes rows, or marks them, with all that hangs below: the platform sends no deletes for that. */
export class Deletes {
  constructor(
    private readonly database: SqlDatabase,
    private readonly plans: () => readonly TablePlan[],
    private readonly marks: boolean,
  ) {}

  /** `changed`: there was something to remove or mark. */
  async apply(
    trx: Knex,
    {
      event,
      plan,
      replies: also,
    }: { readonly event: FeedEvent; readonly plan: TablePlan; readonly replies: readonly number[] },
    ledger: Ledger,
  ): Promise<{ readonly changed: boolean; readonly change: Deleted }> {
    const { key } = event;
    const scope = isIncident(key) ? 'incident' : key.type === 'task' ? 'task' : 'object';
    let count = 0;
    if (scope === 'incident') {
      // Children first, for foreign keys.
      for (const other of [...this.plans()].sort((a, b) => depth(b) - depth(a)))
        count += await this.removeBelow(trx, event, other, 'incident');
      await ledger.deleteBelow(trx, 'inc_id', key.objectId, key.objectId);
    } else if (scope === 'task') {
      for (const other of this.plans()) count += await this.removeBelow(trx, event, other, 'task');
      await ledger.deleteBelow(trx, 'task_id', key.incidentId, key.objectId);
    }
    const places = [key.objectId, ...also].map((id) => ({ table: plan.table.name, id, incidentId: key.incidentId }));
    const own = places.filter((place) => !ledger.isElsewhere(place));
    const ids = own.map(({ id }) => id);
    count += await this.remove(trx, event, plan, plan.columns.get(OWN_COLUMNS.id), ids);
    for (const place of own) ledger.note(event, place);
    return { changed: count > 0, change: { kind: 'delete', event, plan, scope, ids } };
  }

  private removeBelow(trx: Knex, event: FeedEvent, plan: TablePlan, scope: 'incident' | 'task'): Promise<number> {
    return this.remove(trx, event, plan, columnBelow(plan, scope), [event.key.objectId]);
  }

  private async remove(
    trx: Knex,
    event: FeedEvent,
    plan: TablePlan,
    column: ColumnOf | undefined,
    ids: readonly number[],
  ): Promise<number> {
    const incident = plan.columns.get(OWN_COLUMNS.incident);
    if (column === undefined) return 0;
    let count = 0;
    for (const slice of inSlices(ids, this.database.dialect.limits.list)) {
      const rows = from(trx, plan.table).whereIn(column.name, [...slice]);
      // A task of another incident may have had this id, in a source restored from a backup.
      if (column === plan.columns.get(OWN_COLUMNS.task) && incident !== undefined)
        void rows.where(incident.name, event.key.incidentId);
      const { deleted } = plan;
      const query =
        this.marks && deleted !== undefined
          ? rows.whereNull(deleted.name).update({ [deleted.name]: this.database.dialect.time(event.observedAtMs) })
          : rows.delete();
      count += Number(await runStatement(trx, query, this.database, plan.table));
    }
    return count;
  }
}

/** 0: the incident; 1: its tasks; 2: what may hang below either. */
function depth({ type }: TablePlan): number {
  return type === 'incident' ? 0 : type === 'task' ? 1 : 2;
}

/** The column that names the incident or task with which the table's rows go; `undefined`: they do not. */
export function columnBelow({ type, columns }: TablePlan, scope: 'incident' | 'task'): ColumnOf | undefined {
  if (scope === 'incident') return columns.get(OWN_COLUMNS.incident);
  // Elsewhere, as in a data table, a field of that name is somebody's own.
  return mayBeOfTask(type) ? columns.get(OWN_COLUMNS.task) : undefined;
}
