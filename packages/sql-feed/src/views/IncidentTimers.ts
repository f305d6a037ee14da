import { isIncident } from '@soar-feed/core';
import type { FieldTime, Logger } from '@soar-feed/core';
import type { Knex } from 'knex';
import { plainName } from '../catalogue/chooseName.js';
import { from } from '../catalogue/NameBook.js';
import { readColumns } from '../database/readColumns.js';
import { runStatement } from '../database/runStatement.js';
import { createTable } from '../dialects/createTable.js';
import type { Bound, ColumnOf, TableName } from '../dialects/Dialect.js';
import type { ObservedFeed, RowChange, RowObserver } from '../RowObserver.js';
import { rowSlices } from '../rows/rowSlices.js';
import { inSlices } from '../rows/slices.js';

const COLUMNS: readonly ColumnOf[] = [
  { name: 'inc_id', kind: 'integer' },
  { name: 'timer_no', kind: 'integer' },
  { name: 'field', kind: 'label' },
  { name: 'value', kind: 'label' },
  { name: 'seconds', kind: 'integer' },
  { name: 'running', kind: 'boolean' },
  { name: 'read_at', kind: 'datetime' },
];
const KEYS = ['inc_id', 'timer_no'];

/**
 * Table `incident_timer`: how long each incident had each value of its timed fields, one row per value, as the platform
 * counts it (`[feeds] timeseries`). The same as the columns `timeseries__…`, without a column per value.
 */
export class IncidentTimers implements RowObserver {
  private table: TableName | undefined;

  constructor(
    private readonly options: { readonly prefix: string; readonly schema?: string | undefined },
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  async open({ database }: ObservedFeed): Promise<void> {
    const { dialect, knex } = database;
    const { prefix, schema } = this.options;
    const rules = { fold: dialect.fold, limit: dialect.limits.name };
    const table = { schema, name: plainName(`${prefix}incident_timer`, rules) };
    const found = await readColumns(database, table);
    this.table = undefined;
    if (found !== undefined && !found.some(({ name }) => name.toLowerCase() === 'timer_no')) {
      this.log.warn(`Table ${table.name} belongs to something else: times of incidents are not written.`, {
        event: 'sql.table-taken',
        table: table.name,
      });
      return;
    }
    if (found === undefined) {
      const columns = COLUMNS.map(({ name, kind }) => ({
        name: dialect.fold(name),
        type: KEYS.includes(name) ? `${dialect.idType} NOT NULL` : dialect.typeOf(kind),
      }));
      await runStatement(knex, createTable(dialect, table, columns, KEYS.map(dialect.fold)), database, table);
    }
    this.table = table;
  }

  async written(trx: Knex, changes: readonly RowChange[], { database }: ObservedFeed): Promise<void> {
    const { table } = this;
    if (table === undefined) return;
    const { dialect } = database;
    const last = new Map<number, { readonly times: readonly FieldTime[]; readonly atMs: number }>();
    for (const { kind, event } of changes) {
      if (!isIncident(event.key)) continue;
      if (kind === 'delete') last.set(event.key.objectId, { times: [], atMs: event.observedAtMs });
      else if (event.timeSeries !== undefined)
        last.set(event.key.objectId, { times: event.timeSeries, atMs: event.observedAtMs });
    }
    if (last.size === 0) return;
    for (const slice of inSlices([...last.keys()], dialect.limits.list)) {
      const old = from(trx, table)
        .whereIn(dialect.fold('inc_id'), [...slice])
        .delete();
      await runStatement(trx, old, database, table);
    }
    const rows = [...last].flatMap(([incident, { times, atMs }]) =>
      times.map(({ field, value, seconds, running }, at): readonly Bound[] => [
        incident,
        at + 1,
        dialect.encode('label', field) ?? null,
        dialect.encode('label', value) ?? null,
        Math.round(seconds),
        dialect.encode('boolean', running) ?? null,
        dialect.time(atMs),
      ]),
    );
    const columns = COLUMNS.map(({ name, kind }) => ({ name: dialect.fold(name), kind }));
    for (const slice of rowSlices({ table, columns, rows, keys: KEYS.map(dialect.fold) }, database))
      await runStatement(trx, dialect.upsert(trx, slice), database, table);
  }
}
