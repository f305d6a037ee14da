import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import type { ColumnOf, Dialect, TableName } from '../dialects/Dialect.js';
import { shortened } from '../dialects/names.js';
import { versionColumns } from './versionColumns.js';

/** Where the versions of one type's objects are kept. */
export interface HistoryPlan {
  readonly table: TableName;
  readonly current: TablePlan;
  /** The table's column by that of the current table. */
  readonly columns: ReadonlyMap<string, ColumnOf>;
  /** Columns for which there was no room. */
  readonly without: readonly string[];
}

/**
 * All columns of the current table but bytes of files, which never change, counters of time, which change all the time, and
 * the mark of a delete, which ends a version.
 */
export function historyPlan(current: TablePlan, table: TableName, dialect: Dialect): HistoryPlan {
  const own = versionColumns(dialect);
  const taken = new Set(own.map(({ name }) => name.toLowerCase()));
  const kept = [...current.columns]
    .filter(([field, { kind }]) => kind !== 'blob' && !field.startsWith('timeseries__'))
    .map(([, column]) => column);
  const wanted = current.more === undefined ? kept : [...kept, current.more];
  const room = dialect.limits.columns - own.length;
  const columns = wanted.slice(0, room).map(({ name, kind }): [string, ColumnOf] => {
    const isFree = !taken.has(name.toLowerCase());
    return [name, { name: isFree ? name : shortened(name, name, dialect.limits.name), kind }];
  });
  return { table, current, columns: new Map(columns), without: wanted.slice(room).map(({ name }) => name) };
}

/** The table's column for a field of the type. */
export function historyColumn({ current, columns }: HistoryPlan, field: string): ColumnOf | undefined {
  const column = current.columns.get(field);
  return column === undefined ? undefined : columns.get(column.name);
}

/** Every table has them. */
export function keyColumn(plan: HistoryPlan, dialect: Dialect): string {
  return historyColumn(plan, OWN_COLUMNS.id)?.name ?? dialect.fold(OWN_COLUMNS.id);
}
