import type { Knex } from 'knex';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { Bound, Dialect, Statement } from '../dialects/Dialect.js';
import { qualified } from '../dialects/names.js';
import { inSlices } from '../rows/slices.js';
import { keyColumn } from './HistoryPlan.js';
import type { HistoryPlan } from './HistoryPlan.js';
import { VERSION } from './versionColumns.js';

interface Ended {
  readonly column: string;
  readonly ids: readonly number[];
  readonly atMs: number;
  /** Only rows with this id in this column. */
  readonly within?: { readonly column: string; readonly id: number };
}

/** Ends the open versions of rows that are deleted, never before they began; one that began at that very time goes. */
export async function endVersions(
  trx: Knex,
  plan: HistoryPlan,
  { column, ids, atMs, within }: Ended,
  database: SqlDatabase,
): Promise<void> {
  for (const slice of inSlices(ids, database.dialect.limits.list)) {
    const where = `${database.dialect.quote(column)} IN (${slice.map(() => '?').join(', ')})`;
    const and = within === undefined ? '' : ` AND ${database.dialect.quote(within.column)} = ?`;
    const which = { where: where + and, bindings: within === undefined ? slice : [...slice, within.id] };
    await runStatement(trx, removal(plan, atMs, which, database), database, plan.table);
    await runStatement(trx, ending(plan, atMs, which, database), database, plan.table);
  }
}

/** Ends the open versions of objects that are no longer there: deleted while no history was kept. */
export async function endVanished(trx: Knex, plan: HistoryPlan, atMs: number, database: SqlDatabase): Promise<void> {
  const { dialect } = database;
  const { quote } = dialect;
  const { table, columns, deleted } = plan.current;
  const id = columns.get(OWN_COLUMNS.id)?.name ?? dialect.fold(OWN_COLUMNS.id);
  const alive = deleted === undefined ? '' : ` AND c.${quote(deleted.name)} IS NULL`;
  const key = `${qualified(plan.table, quote)}.${quote(keyColumn(plan, dialect))}`;
  const where = `NOT EXISTS (SELECT 1 FROM ${qualified(table, quote)} c WHERE c.${quote(id)} = ${key}${alive})`;
  await runStatement(trx, ending(plan, atMs, { where, bindings: [] }, database), database, plan.table);
}

interface Which {
  readonly where: string;
  readonly bindings: readonly Bound[];
}

function removal(
  { table }: HistoryPlan,
  atMs: number,
  { where, bindings }: Which,
  { dialect }: SqlDatabase,
): Statement {
  const { from, to, time } = spelling(dialect);
  return {
    sql: `DELETE FROM ${qualified(table, dialect.quote)} WHERE ${to} IS NULL AND ${from} = ${time} AND ${where}`,
    bindings: [dialect.time(atMs), ...bindings],
  };
}

function ending({ table }: HistoryPlan, atMs: number, { where, bindings }: Which, { dialect }: SqlDatabase): Statement {
  const { from, to, by, time } = spelling(dialect);
  const at = dialect.time(atMs);
  return {
    sql: `UPDATE ${qualified(table, dialect.quote)} SET ${to} = CASE WHEN ${from} > ${time} THEN ${from} ELSE ${time} END, ${by} = 'deleted'
          WHERE ${to} IS NULL AND ${where}`,
    bindings: [at, at, ...bindings],
  };
}

function spelling({ name, fold, quote }: Dialect) {
  return {
    from: quote(fold(VERSION.from)),
    to: quote(fold(VERSION.to)),
    by: quote(fold(VERSION.endedBy)),
    time: name === 'oracle' ? `TO_TIMESTAMP(?, 'YYYY-MM-DD HH24:MI:SS.FF3')` : '?',
  };
}
