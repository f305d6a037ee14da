import type { Knex } from 'knex';
import type { TablePlan } from '../catalogue/TablePlan.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import { groupBy } from './groupBy.js';
import type { Bound, ColumnOf, Dialect, RowSlice } from '../dialects/Dialect.js';
import { rowSlices } from './rowSlices.js';

interface Pending {
  readonly plan: TablePlan;
  readonly id: number;
  readonly values: ReadonlyMap<string, Bound>;
}

/** Incidents and tasks first: others may refer to them. */
const FIRST = ['incident', 'task'];

/**
 * Rows that wait to be written together: one per object, because engines refuse, or take in any order, a row that stands
 * twice in a statement. A later snapshot replaces what it has a value for.
 */
export class PendingRows {
  private readonly rows = new Map<string, Pending>();

  constructor(private readonly database: SqlDatabase) {}

  add(plan: TablePlan, id: number, values: ReadonlyMap<string, Bound>): void {
    const key = `${plan.table.name}\0${id}`;
    const before = this.rows.get(key);
    const all = before === undefined ? values : new Map([...before.values, ...values]);
    this.rows.set(key, { plan, id, values: all });
  }

  async flush(trx: Knex): Promise<void> {
    const groups = groupBy(
      this.rows.values(),
      ({ plan, values }) => `${plan.table.name}\0${[...values.keys()].join('\0')}`,
    );
    const inOrder = [...groups.values()].sort((a, b) => rank(a) - rank(b));
    for (const group of inOrder) {
      for (const slice of slicesOf(group, this.database)) {
        await runStatement(trx, this.database.dialect.upsert(trx, slice), this.database, slice.table);
      }
    }
    this.rows.clear();
  }
}

function rank(group: readonly Pending[]): number {
  const at = FIRST.indexOf(group[0]?.plan.type ?? '');
  return at < 0 ? FIRST.length : at;
}

function slicesOf(group: readonly Pending[], database: SqlDatabase): Iterable<RowSlice> {
  const [first] = group;
  if (first === undefined) return [];
  const { dialect } = database;
  const names = [...first.values.keys()];
  const columns = names.map((name) => columnOf(first.plan, name, dialect));
  const rows = group.map(({ values }) => names.map((name) => values.get(name) ?? null));
  return rowSlices({ table: first.plan.table, columns, rows, keys: [dialect.fold('id')] }, database);
}

function columnOf(plan: TablePlan, name: string, dialect: Dialect): ColumnOf {
  if (plan.more?.name === name) return plan.more;
  if (plan.deleted?.name === name) return plan.deleted;
  for (const column of plan.columns.values()) if (column.name === name) return column;
  return { name: dialect.fold(name), kind: 'text' };
}
