import type { Logger, TypeSchema } from '@soar-feed/core';
import type { Knex } from 'knex';
import { readColumns } from '../database/readColumns.js';
import { runStatement } from '../database/runStatement.js';
import type { SqlDatabase } from '../database/SqlDatabase.js';
import { createTable } from '../dialects/createTable.js';
import type { ColumnOf, FoundColumn, Statement, TableName } from '../dialects/Dialect.js';
import { shortened } from '../dialects/names.js';
import { plainName, tableName } from './chooseName.js';
import { fieldsOf } from './kinds.js';
import type { WantedField } from './kinds.js';
import { layOut } from './layOut.js';
import type { Layout } from './layOut.js';
import { NameBook } from './NameBook.js';
import { References } from './References.js';
import { OWN_COLUMNS } from './TablePlan.js';
import type { TablePlan } from './TablePlan.js';

export interface CatalogueOptions {
  readonly prefix: string;
  readonly schema?: string | undefined;
  /** Tables get a column for the time of the delete. */
  readonly marksDeletes: boolean;
  /** `inc_id` and `task_id` refer to the tables of incidents and tasks. */
  readonly foreignKeys: boolean;
  /** Fields that are not written, and get no column. */
  readonly leavesOut: (type: string, field: string) => boolean;
  /** Fields whose columns get an index. */
  readonly indexes: readonly string[];
  /** Before the type of a column is changed. */
  readonly changing?: (trx: Knex) => Promise<void>;
}

interface Known {
  readonly plan: TablePlan;
  readonly layout: Layout;
}

/**
 * Which table and which columns stand for what. Reads what is there, makes what is missing, and widens what is too narrow:
 * once per change of a type, never per write. Calls must not overlap.
 */
export class Catalogue {
  private readonly known = new Map<string, Known>();
  private readonly checked = new WeakMap<TypeSchema, TablePlan>();
  private readonly names: NameBook;
  private readonly references: References;

  constructor(
    private readonly database: SqlDatabase,
    private readonly options: CatalogueOptions,
    private readonly log: Pick<Logger, 'info' | 'warn'>,
  ) {
    this.names = new NameBook(database, this.ownTable('names'));
    this.references = new References(database, this.names, log);
  }

  load(): Promise<void> {
    return this.names.load();
  }

  /** The tables of all types met so far. */
  plans(): readonly TablePlan[] {
    return [...this.known.values()].map(({ plan }) => plan);
  }

  /** A table of this package's own, beside those of the types. */
  ownTable(word: string): TableName {
    const { prefix, schema } = this.options;
    return { schema, name: plainName(`${prefix}soar_feed_${word}`, this.rules) };
  }

  /** The table of a type as it is known, if it has what `planFor` would give it. */
  knownPlan(schema: TypeSchema, extra: readonly WantedField[] = [], { more = false } = {}): TablePlan | undefined {
    const known = this.known.get(schema.name);
    if (known === undefined || (more && known.plan.more === undefined)) return undefined;
    if (!extra.every(({ field }) => known.layout.fields.has(field))) return undefined;
    if (this.checked.get(schema) === known.plan) return known.plan;
    const isWhole = this.fieldsFor(schema).every(({ field, kind }) => known.layout.fields.get(field) === kind);
    if (!isWhole) return undefined;
    this.checked.set(schema, known.plan);
    return known.plan;
  }

  /**
   * The table of a type, with columns for all its fields and for `extra` ones that only the object shows. With `more`, it
   * has the column for what fits nowhere else.
   */
  async planFor(schema: TypeSchema, extra: readonly WantedField[] = [], { more = false } = {}): Promise<TablePlan> {
    return this.knownPlan(schema, extra, { more }) ?? this.change(schema, extra, more, this.known.get(schema.name));
  }

  /** Looks at the tables again: somebody changed them. */
  forget(): void {
    this.known.clear();
  }

  private fieldsFor(schema: TypeSchema): readonly WantedField[] {
    return fieldsOf(schema).filter(({ field }) => !this.options.leavesOut(schema.name, field));
  }

  private get rules() {
    const { dialect } = this.database;
    return { fold: dialect.fold, limit: dialect.limits.name };
  }

  private async change(
    schema: TypeSchema,
    extra: readonly WantedField[],
    more: boolean,
    known: Known | undefined,
  ): Promise<TablePlan> {
    const { dialect } = this.database;
    const table = known?.plan.table ?? (await this.tableOf(schema.name));
    const found = await readColumns(this.database, table);
    // What other schemas of the type brought stays.
    const before = [...(known?.layout.fields ?? [])].map(([field, kind]) => ({ field, kind }));
    const wanted = new Map([...before, ...this.fieldsFor(schema), ...extra].map((one) => [one.field, one]));
    const layout = layOut([...wanted.values()], {
      dialect,
      found: found ?? [],
      nameOf: (field) => this.names.get(schema.name, field),
      more: more || known?.plan.more !== undefined,
      deleted: this.options.marksDeletes,
    });
    await this.apply(schema, table, found, layout);
    await this.names.keep([
      ...(table.name === dialect.fold(this.options.prefix + schema.name)
        ? []
        : [{ type: schema.name, field: '', name: table.name }]),
      ...layout.odd.map(({ field, name }) => ({ type: schema.name, field, name })),
    ]);
    const plan: TablePlan = {
      type: schema.name,
      table,
      columns: layout.columns,
      schema,
      ...(layout.more === undefined ? {} : { more: layout.more }),
      ...(layout.deleted === undefined ? {} : { deleted: layout.deleted }),
    };
    await this.index(plan);
    this.known.set(schema.name, { plan, layout });
    if (this.options.foreignKeys) await this.references.add(this.plans());
    this.checked.set(schema, plan);
    this.report(plan, found, layout);
    return plan;
  }

  private async tableOf(type: string): Promise<TableName> {
    const { schema, prefix } = this.options;
    const known = this.names.get(type);
    if (known !== undefined) return { schema, name: known };
    const columnsOf = (name: string) => readColumns(this.database, { schema, name });
    const name = await tableName(type, prefix, this.rules, async (one) => (await columnsOf(one)) !== undefined);
    // A data table may be called as another one's history is.
    const isHistory = (await columnsOf(name))?.some((column) => column.name.toLowerCase() === OWN_COLUMNS.version);
    return { schema, name: isHistory === true ? shortened(name, `table ${name}`, this.rules.limit) : name };
  }

  /** Where the objects of the type are, or will be. */
  private plannedTable(type: string): TableName {
    const { schema, prefix } = this.options;
    return (
      this.known.get(type)?.plan.table ?? { schema, name: this.names.get(type) ?? plainName(prefix + type, this.rules) }
    );
  }

  private async apply(
    type: TypeSchema,
    table: TableName,
    found: readonly FoundColumn[] | undefined,
    layout: Layout,
  ): Promise<void> {
    const { dialect } = this.database;
    const statements: Statement[] = [];
    if (found === undefined) {
      const id = layout.columns.get(OWN_COLUMNS.id)?.name ?? dialect.fold(OWN_COLUMNS.id);
      const columns = layout.added.map(({ name, kind }) => ({
        name,
        type: name === id ? `${dialect.idType} NOT NULL` : dialect.typeOf(kind),
      }));
      const references = this.options.foreignKeys
        ? this.references.atCreation(type, layout.columns, (name) => this.plannedTable(name))
        : [];
      statements.push(createTable(dialect, table, columns, [id], references));
    } else {
      for (const { name, kind } of layout.changed) statements.push(...dialect.changeType(table, name, kind));
      if (layout.added.length > 0) statements.push(...dialect.addColumns(table, layout.added));
    }
    if (statements.length === 0) return;
    // One transaction where the engine takes DDL back with it; elsewhere each statement stands for itself.
    await this.database.transaction(async (trx) => {
      if (layout.changed.length > 0) await this.options.changing?.(trx);
      for (const statement of statements) await runStatement(trx, statement, this.database, table);
    });
  }

  private async index({ type, table, columns }: TablePlan): Promise<void> {
    const { dialect, knex } = this.database;
    for (const field of this.options.indexes) {
      const column: ColumnOf | undefined = columns.get(field);
      const mark = `index:${field}`;
      if (column === undefined || this.names.get(type, mark) !== undefined) continue;
      const wanted = `${table.name}_${column.name}_ix`;
      const { limit, fold } = this.rules;
      const name = fold(Buffer.byteLength(wanted) <= limit ? wanted : shortened(wanted, wanted, limit));
      const statement = dialect.createIndex(table, name, column);
      if (statement === undefined) continue;
      await runStatement(knex, statement, this.database, table);
      await this.names.keep([{ type, field: mark, name }]);
    }
  }

  private report({ type, table }: TablePlan, found: readonly FoundColumn[] | undefined, layout: Layout): void {
    if (found === undefined) {
      this.log.info(`Table ${table.name} was made for ${type}.`, { event: 'sql.table-made', table: table.name, type });
    } else if (layout.added.length > 0 || layout.changed.length > 0) {
      const names = [...layout.added, ...layout.changed].map(({ name }) => name).slice(0, 10);
      this.log.info(
        `Table ${table.name} has changed: ${layout.added.length} columns more, ${layout.changed.length} wider (${names.join(', ')}).`,
        { event: 'sql.table-changed', table: table.name, added: layout.added.length, widened: layout.changed.length },
      );
    }
    if (layout.without.length === 0) return;
    this.log.warn(
      `Table ${table.name} has no room for ${layout.without.length} fields of ${type}; their values are in ${OWN_COLUMNS.more}.`,
      { event: 'sql.table-full', table: table.name, fields: layout.without.slice(0, 20) },
    );
  }
}
