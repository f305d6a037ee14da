import { FeedError } from '@soar-feed/core';
import type { Logger, TypeSchema } from '@soar-feed/core';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import type { ColumnOf, TableName } from '../dialects/Dialect.js';
import { qualified, shortHash } from '../dialects/names.js';
import type { NameBook } from './NameBook.js';
import { OWN_COLUMNS } from './TablePlan.js';
import type { TablePlan } from './TablePlan.js';

/** Which column refers to the table of which type. */
const PARENTS = [
  [OWN_COLUMNS.incident, 'incident'],
  [OWN_COLUMNS.task, 'task'],
] as const;

/**
 * With `foreign_keys=true`: `inc_id` refers to the incident, and the `task_id` of notes and attachments to the task. Nothing
 * cascades in the database: SQL Server refuses two ways to one row, so the feed deletes children first.
 */
export class References {
  constructor(
    private readonly database: SqlDatabase,
    private readonly names: NameBook,
    private readonly log: Pick<Logger, 'warn'>,
  ) {}

  /** SQLite takes foreign keys only with the table, and lets them name one that is not there yet. */
  atCreation(
    { name: type, fields }: Pick<TypeSchema, 'name' | 'fields'>,
    columns: ReadonlyMap<string, ColumnOf>,
    tableOf: (type: string) => TableName,
  ): readonly string[] {
    if (this.database.dialect.name !== 'sqlite') return [];
    return PARENTS.flatMap(([field, parent]) => {
      const column = columns.get(field);
      if (column === undefined || refersToNone(type, field, parent, fields)) return [];
      return [this.clause(column, tableOf(parent), OWN_COLUMNS.id)];
    });
  }

  /** Adds what is missing, as soon as both tables are known. */
  async add(plans: readonly TablePlan[]): Promise<void> {
    if (this.database.dialect.name === 'sqlite') return;
    for (const child of plans) {
      for (const [field, type] of PARENTS) {
        const parent = plans.find((plan) => plan.type === type);
        const column = child.columns.get(field);
        const isNone = refersToNone(child.type, field, type, child.schema.fields);
        if (parent === undefined || column === undefined || isNone) continue;
        await this.addOne(child, column, field, parent);
      }
    }
  }

  private async addOne(child: TablePlan, column: ColumnOf, field: string, parent: TablePlan): Promise<void> {
    const mark = `foreign key:${field}`;
    if (this.names.get(child.type, mark) !== undefined) return;
    const { dialect, knex } = this.database;
    const name = dialect.fold(`soar_feed_fk_${shortHash(`${child.table.name} ${column.name}`)}`);
    const sql = `ALTER TABLE ${qualified(child.table, dialect.quote)} ADD CONSTRAINT ${dialect.quote(name)} ${this.clause(column, parent.table, parent.columns.get(OWN_COLUMNS.id)?.name)}`;
    try {
      await runStatement(knex, { sql }, this.database, child.table);
    } catch (error) {
      if (!FeedError.is(error) || error.kind !== 'permanent') throw error;
      const problem = `Table ${child.table.name} gets no foreign key to ${parent.table.name}: it has rows without one there (${error.code}).`;
      this.log.warn(`${problem} A reload may bring them; it is tried again at the next start.`, {
        event: 'sql.no-foreign-key',
        table: child.table.name,
      });
      return;
    }
    await this.names.keep([{ type: child.type, field: mark, name }]);
  }

  private clause({ name }: ColumnOf, parent: TableName, id?: string): string {
    const { quote, fold } = this.database.dialect;
    const to = `${qualified(parent, quote)} (${quote(id ?? fold(OWN_COLUMNS.id))})`;
    return `FOREIGN KEY (${quote(name)}) REFERENCES ${to}`;
  }
}

/** The incident itself, the parent itself, and a data table with a column of that name. */
function refersToNone(type: string, field: string, parent: string, fields: TypeSchema['fields']): boolean {
  return type === 'incident' || type === parent || (field !== OWN_COLUMNS.incident && fields.has(field));
}
