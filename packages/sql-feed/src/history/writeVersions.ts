import type { Knex } from 'knex';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { Bound, ColumnOf } from '../dialects/Dialect.js';
import { rowSlices } from '../rows/rowSlices.js';
import { keyColumn } from './HistoryPlan.js';
import type { HistoryPlan } from './HistoryPlan.js';
import type { NewVersion, VersionFold } from './VersionFold.js';
import { VERSION, versionColumns } from './versionColumns.js';

/** Ends what is there and writes what is new, each in as few statements as the engine takes. */
export async function writeVersions(
  trx: Knex,
  plan: HistoryPlan,
  fold: VersionFold,
  who: (version: NewVersion) => string | null,
  database: SqlDatabase,
): Promise<void> {
  const { dialect } = database;
  const at = (name: string) => dialect.fold(name);
  const id: ColumnOf = { name: keyColumn(plan, dialect), kind: 'integer' };
  const start: ColumnOf = { name: at(VERSION.from), kind: 'datetime' };
  const end: ColumnOf = { name: at(VERSION.to), kind: 'datetime' };
  const endedBy: ColumnOf = { name: at(VERSION.endedBy), kind: 'label' };
  const write = async (columns: readonly ColumnOf[], rows: readonly (readonly Bound[])[]): Promise<void> => {
    for (const slice of rowSlices({ table: plan.table, columns, rows, keys: [id.name, start.name] }, database))
      await runStatement(trx, dialect.upsert(trx, slice), database, plan.table);
  };
  await write(
    [id, start, end, endedBy],
    fold.ends.map((one) => [one.id, dialect.time(one.from), dialect.time(one.to), 'updated']),
  );
  const columns = [...plan.columns.values(), ...versionColumns(dialect)];
  await write(
    columns,
    fold.versions.map((version) => {
      const own = new Map<string, Bound>([
        [start.name, dialect.time(version.from)],
        [end.name, version.to === null ? null : dialect.time(version.to)],
        [endedBy.name, version.endedBy],
        [at(VERSION.seen), dialect.time(version.seen)],
        [at(VERSION.operation), version.operation],
        [at(VERSION.changedBy), dialect.encode('label', who(version)) ?? null],
        [at(VERSION.digest), version.digest],
      ]);
      return columns.map(({ name }) => own.get(name) ?? version.values.get(name) ?? null);
    }),
  );
}
