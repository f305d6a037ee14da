import type { Knex } from 'knex';
import { from } from '../catalogue/NameBook.js';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { Bound, ColumnOf } from '../dialects/Dialect.js';
import { qualified } from '../dialects/names.js';
import { inSlices } from '../rows/slices.js';
import { keyColumn } from './HistoryPlan.js';
import type { HistoryPlan } from './HistoryPlan.js';
import type { LastVersion } from './VersionFold.js';
import { VERSION } from './versionColumns.js';
import type { Operation } from './versionColumns.js';

type Row = Readonly<Record<string, unknown>>;

/** The newest version of each object, with its values of some columns. */
export async function readLast(
  trx: Knex,
  plan: HistoryPlan,
  ids: readonly number[],
  columns: readonly ColumnOf[],
  database: SqlDatabase,
): Promise<Map<number, LastVersion>> {
  const { dialect } = database;
  const { fold, quote } = dialect;
  const place = qualified(plan.table, quote);
  const id = keyColumn(plan, dialect);
  const own = [VERSION.from, VERSION.to, VERSION.seen, VERSION.digest, VERSION.operation].map(fold);
  const names = new Set([id, ...own, ...columns.map(({ name }) => name)]);
  const last = new Map<number, LastVersion>();
  for (const slice of inSlices(ids, dialect.limits.list)) {
    const marks = slice.map(() => '?').join(', ');
    const query = trx
      .select([...names].map((name) => trx.raw(`h.${quote(name)}`)))
      .from(trx.raw(`${place} h`))
      .joinRaw(
        `INNER JOIN (SELECT ${quote(id)} AS i, MAX(${quote(fold(VERSION.from))}) AS f FROM ${place}
         WHERE ${quote(id)} IN (${marks}) GROUP BY ${quote(id)}) n ON n.i = h.${quote(id)} AND n.f = h.${quote(fold(VERSION.from))}`,
        slice as number[],
      );
    const rows = await runStatement<readonly Row[]>(trx, query as Knex.QueryBuilder, database, plan.table);
    for (const row of rows) {
      const to = row[fold(VERSION.to)];
      last.set(Number(row[id]), {
        from: msOf(row[fold(VERSION.from)]),
        to: to === null ? null : msOf(to),
        seen: msOf(row[fold(VERSION.seen)]),
        digest: Number(row[fold(VERSION.digest)]),
        operation: row[fold(VERSION.operation)] as Operation,
        values: valuesOf(row, columns, database),
      });
    }
  }
  return last;
}

/** What the current rows have in columns of the history; for objects of which there is no version yet. */
export async function readCurrent(
  trx: Knex,
  { current, columns }: HistoryPlan,
  ids: readonly number[],
  wanted: readonly ColumnOf[],
  database: SqlDatabase,
): Promise<ReadonlyMap<number, ReadonlyMap<string, Bound>>> {
  const id = current.columns.get(OWN_COLUMNS.id)?.name ?? database.dialect.fold(OWN_COLUMNS.id);
  const names = [...columns].filter(([, column]) => wanted.includes(column));
  const found = new Map<number, ReadonlyMap<string, Bound>>();
  for (const slice of inSlices(ids, database.dialect.limits.list)) {
    const query = from(trx, current.table)
      .whereIn(id, [...slice])
      .select([id, ...names.map(([name]) => name)]);
    const rows = await runStatement<readonly Row[]>(trx, query, database, current.table);
    for (const row of rows) {
      const values = names.map(([name, column]): [string, Bound] => [
        column.name,
        bound(row[name], column.kind, database),
      ]);
      found.set(Number(row[id]), new Map(values));
    }
  }
  return found;
}

function valuesOf(row: Row, columns: readonly ColumnOf[], database: SqlDatabase): ReadonlyMap<string, Bound> {
  return new Map(columns.map(({ name, kind }) => [name, bound(row[name], kind, database)]));
}

/** As it was bound before. Drivers give times as `Date` or text. */
function bound(value: unknown, kind: ColumnOf['kind'], { dialect }: SqlDatabase): Bound {
  if (!(value instanceof Date)) return (value ?? null) as Bound;
  // The drivers make a date of a day in local time.
  return kind === 'date'
    ? [value.getFullYear(), value.getMonth() + 1, value.getDate()]
        .map((part) => String(part).padStart(2, '0'))
        .join('-')
    : dialect.time(value.getTime());
}

/** A text without a zone is UTC: all engines are told to write UTC. */
export function msOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  const text = String(value)
    .replace(' ', 'T')
    .replace(/([+-]\d\d)$/, '$1:00');
  return Date.parse(/(Z|[+-]\d\d:\d\d)$/.test(text) ? text : `${text}Z`);
}
