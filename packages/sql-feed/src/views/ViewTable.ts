import { OWN_COLUMNS } from '../catalogue/TablePlan.js';
import type { TablePlan } from '../catalogue/TablePlan.js';
import type { ColumnOf, Dialect } from '../dialects/Dialect.js';
import { qualified } from '../dialects/names.js';
import { keyColumn } from '../history/HistoryPlan.js';
import type { HistoryPlan } from '../history/HistoryPlan.js';
import { isTime, literal, spellings } from './Spelling.js';
import type { Spelling } from './Spelling.js';

/** A table as a view reads it: by field, with something in place of columns that are not there. */
export class ViewTable {
  readonly place: string;
  readonly id: string;
  private readonly spelling: Spelling;

  private constructor(
    private readonly dialect: Dialect,
    readonly alias: string,
    private readonly plan: TablePlan,
    where: { readonly place: string; readonly id: string },
    private readonly columnOf: (field: string) => ColumnOf | undefined,
  ) {
    this.spelling = spellings[dialect.name];
    this.place = `${where.place} ${alias}`;
    this.id = `${alias}.${dialect.quote(where.id)}`;
  }

  static current(plan: TablePlan, alias: string, dialect: Dialect): ViewTable {
    const id = plan.columns.get(OWN_COLUMNS.id)?.name ?? dialect.fold(OWN_COLUMNS.id);
    const where = { place: qualified(plan.table, dialect.quote), id };
    return new ViewTable(dialect, alias, plan, where, (field) => plan.columns.get(field));
  }

  static history(history: HistoryPlan, alias: string, dialect: Dialect): ViewTable {
    const where = { place: qualified(history.table, dialect.quote), id: keyColumn(history, dialect) };
    return new ViewTable(dialect, alias, history.current, where, (field) => {
      const column = history.current.columns.get(field);
      return column && history.columns.get(column.name);
    });
  }

  has(field: string): boolean {
    return this.columnOf(field) !== undefined;
  }

  text(field: string): string {
    const column = this.columnOf(field);
    return column === undefined ? this.spelling.nothing('label') : this.named(column.name);
  }

  /** A column of another type cannot be reckoned with. */
  time(field: string): string {
    const column = this.columnOf(field);
    return column === undefined || !isTime(column.kind) ? this.spelling.nothing('datetime') : this.named(column.name);
  }

  number(field: string): string {
    const column = this.columnOf(field);
    return column === undefined ? this.spelling.nothing('integer') : this.named(column.name);
  }

  /** A column that is not a field's. */
  own(name: string): string {
    return this.named(this.dialect.fold(name));
  }

  /** Rows that are not marked as deleted. */
  get alive(): string {
    const { deleted } = this.plan;
    return deleted === undefined ? '1 = 1' : `${this.named(deleted.name)} IS NULL`;
  }

  isNotFalse(field: string): string {
    const column = this.columnOf(field);
    return column?.kind === 'boolean' ? this.spelling.isNotFalse(this.named(column.name)) : '1 = 1';
  }

  /** Whether the select has the option, by its label in this organization. */
  is(field: string, value: string, label: string): string {
    const known = this.plan.schema.fields.get(field)?.options.get(value)?.label ?? label;
    return `${this.text(field)} IN (${[...new Set([known, value])].map(literal).join(', ')})`;
  }

  private named(column: string): string {
    return `${this.alias}.${this.dialect.quote(column)}`;
  }
}
