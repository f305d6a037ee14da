import { pythonJson } from '@soar-feed/core';
import type { FlatRow, FlatValue } from '@soar-feed/core';
import type { TablePlan } from '../catalogue/TablePlan.js';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { Bound, Dialect } from '../dialects/Dialect.js';

export interface Row {
  /** By column. */
  readonly values: Map<string, Bound>;
  /** Fields whose values no column holds; they need the column `more_fields`. */
  readonly homeless: readonly string[];
}

/** An object's flat values as the columns of its table take them. */
export function toRow(flat: FlatRow, plan: TablePlan, dialect: Dialect): Row {
  const values = new Map<string, Bound>();
  const rest: [string, FlatValue][] = [];
  for (const [field, value] of Object.entries(flat)) {
    const column = plan.columns.get(field);
    const bound = column === undefined ? undefined : dialect.encode(column.kind, value);
    if (column !== undefined) values.set(column.name, bound ?? null);
    if (bound === undefined && value !== null) rest.push([field, value]);
  }
  if (plan.more !== undefined) values.set(plan.more.name, moreOf(rest, dialect));
  // Whoever writes it again brings it back.
  if (plan.deleted !== undefined) values.set(plan.deleted.name, null);
  return { values, homeless: plan.more === undefined ? rest.map(([field]) => field) : [] };
}

function moreOf(rest: readonly [string, FlatValue][], dialect: Dialect): Bound {
  return rest.length === 0 ? null : (dialect.encode('text', pythonJson(Object.fromEntries(rest))) ?? null);
}

/** Fields of the object that its type does not describe. */
export function unknownTo(flat: FlatRow, plan: TablePlan | undefined): readonly string[] {
  if (plan === undefined) return [];
  return Object.keys(flat).filter((field) => !plan.columns.has(field) && field !== OWN_COLUMNS.more);
}
