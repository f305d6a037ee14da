import type { Logger } from '@soar-feed/core';
import type { Knex } from 'knex';
import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import { readColumns } from '../database/readColumns.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import { createTable } from '../dialects/createTable.js';
import type { ColumnOf, FoundColumn, Statement, TableName } from '../dialects/Dialect.js';
import { widest } from '../dialects/holds.js';
import { shortened } from '../dialects/names.js';
import { historyColumn, historyPlan, keyColumn } from './HistoryPlan.js';
import type { HistoryPlan } from './HistoryPlan.js';
import { VERSION, versionColumns } from './versionColumns.js';

/** The tables `<table>_history`: made and widened as the current tables are. */
export class HistoryTables {
  private readonly plans = new Map<string, HistoryPlan>();

  constructor(
    private readonly database: SqlDatabase,
    private readonly log: Pick<Logger, 'warn'>,
    private readonly changing: (trx: Knex) => Promise<void>,
  ) {}

  /** By the name of the current table. */
  get(table: string): HistoryPlan | undefined {
    return this.plans.get(table);
  }

  all(): readonly HistoryPlan[] {
    return [...this.plans.values()];
  }

  async follow(current: TablePlan): Promise<HistoryPlan> {
    const { database } = this;
    const { table, found } = await this.place(current);
    const plan = historyPlan(current, table, database.dialect);
    const { statements, widens } =
      found === undefined ? { statements: this.creation(plan), widens: false } : this.changes(plan, found);
    if (statements.length > 0) {
      await database.transaction(async (trx) => {
        if (widens) await this.changing(trx);
        for (const statement of statements) await runStatement(trx, statement, database, table);
      });
    }
    if (plan.without.length > 0) {
      this.log.warn(`Table ${table.name} has no room for ${plan.without.length} columns of ${current.table.name}.`, {
        event: 'sql.table-full',
        table: table.name,
        columns: plan.without.slice(0, 20),
      });
    }
    this.plans.set(current.table.name, plan);
    return plan;
  }

  /** A table of that name that is no history belongs to a type. */
  private async place(current: TablePlan): Promise<{ table: TableName; found: readonly FoundColumn[] | undefined }> {
    const { dialect } = this.database;
    const { schema, name } = current.table;
    const limit = dialect.limits.name;
    const plain = dialect.fold(`${name}_history`);
    const names = [
      Buffer.byteLength(plain) <= limit ? plain : shortened(plain, plain, limit),
      shortened(plain, `history of ${name}`, limit),
    ] as const;
    for (const one of names) {
      const found = await readColumns(this.database, { schema, name: one });
      if (found === undefined || isHistory(found)) return { table: { schema, name: one }, found };
    }
    return { table: { schema, name: names[1] }, found: undefined };
  }

  private creation(plan: HistoryPlan): readonly Statement[] {
    const { dialect } = this.database;
    const id = keyColumn(plan, dialect);
    const columns = [...plan.columns.values()].map(({ name, kind }) => ({
      name,
      type: name === id ? `${dialect.idType} NOT NULL` : dialect.typeOf(kind),
    }));
    const key = [id, dialect.fold(VERSION.from)];
    const incident = historyColumn(plan, OWN_COLUMNS.incident);
    const index = incident && this.index(plan, incident);
    return [
      createTable(dialect, plan.table, [...columns, ...versionColumns(dialect)], key),
      ...(index === undefined ? [] : [index]),
    ];
  }

  private index({ table }: HistoryPlan, column: ColumnOf): Statement | undefined {
    const { dialect } = this.database;
    const wanted = dialect.fold(`${table.name}_${column.name}_ix`);
    const { name: limit } = dialect.limits;
    const name = Buffer.byteLength(wanted) <= limit ? wanted : shortened(wanted, wanted, limit);
    return dialect.createIndex(table, name, column);
  }

  private changes({ table, columns }: HistoryPlan, found: readonly FoundColumn[]) {
    const { dialect } = this.database;
    const there = new Map(found.map((column) => [column.name.toLowerCase(), column]));
    const added: ColumnOf[] = [];
    const statements: Statement[] = [];
    for (const column of columns.values()) {
      const has = there.get(column.name.toLowerCase());
      if (has === undefined) added.push(column);
      else if (has.kind !== undefined && !dialect.holds(has.kind, column.kind)) {
        statements.push(...dialect.changeType(table, has.name, widest(has.kind, column.kind) ?? column.kind));
      }
    }
    const widens = statements.length > 0;
    return {
      statements: added.length === 0 ? statements : [...dialect.addColumns(table, added), ...statements],
      widens,
    };
  }
}

function isHistory(found: readonly FoundColumn[]): boolean {
  return found.some(({ name }) => name.toLowerCase() === VERSION.digest);
}
