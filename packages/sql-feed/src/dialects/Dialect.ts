import type { Knex } from 'knex';
import type { FlatValue } from '@soar-feed/core';

/** What a column is for. `label` is a text that people pick from a list; some engines can group by it only if it is short. */
export type Kind = 'integer' | 'boolean' | 'date' | 'datetime' | 'label' | 'text' | 'blob';

/** A column as the engine's catalogue shows it. */
export interface FoundColumn {
  readonly name: string;
  /** Absent: a type that none of our columns has; it is written like text. */
  readonly kind?: Kind;
  /** The type holds less than ours does (IBM's 32-bit ids, text that is cut): widen it. */
  readonly narrow?: true;
}

/** What can be bound to a statement. */
export type Bound = string | number | boolean | Buffer | null;

/** What one row may take, counted in the engine's own way. */
export interface RowBudget {
  readonly total: number;
  /** Most that a column of the kind takes in the row itself, whatever its value is. */
  cost(kind: Kind): number;
}

export interface Limits {
  /** Longest name, in bytes. */
  readonly name: number;
  readonly columns: number;
  /** Values in one statement. */
  readonly binds: number;
  /** Rows in one statement. */
  readonly rows: number;
  /** Values in one IN list. */
  readonly list: number;
  /** Absent: rows may be as wide as they have columns. */
  readonly rowBudget?: RowBudget;
}

export interface Statement {
  readonly sql: string;
  readonly bindings?: readonly Bound[];
}

/** A table by its place: the schema that the settings name, and its own name. */
export interface TableName {
  readonly schema?: string | undefined;
  readonly name: string;
}

export interface ColumnOf {
  readonly name: string;
  readonly kind: Kind;
}

/** Rows for one statement: each has a value for every column. */
export interface RowSlice {
  readonly table: TableName;
  readonly columns: readonly ColumnOf[];
  readonly rows: readonly (readonly Bound[])[];
  /** Columns that name a row; all others are replaced. */
  readonly keys: readonly string[];
}

/** All that differs between the engines; everything else is written once. */
export interface Dialect {
  readonly name: 'sqlite' | 'postgres' | 'mysql' | 'mssql' | 'oracle';
  /** The word that IBM's plug-in knows it by. */
  readonly ibmName: string;
  readonly limits: Limits;
  /** Whether a failed transaction takes its DDL back, too. */
  readonly transactionalDdl: boolean;
  /** The engine's own spelling of a name. */
  fold(name: string): string;
  quote(name: string): string;
  /** The type of a new column. */
  typeOf(kind: Kind): string;
  readonly idType: string;
  /** What follows the columns of CREATE TABLE. */
  readonly tableOptions: string;
  /** The type of short texts in our own tables, which are part of a key. */
  keyType(length: number): string;
  /** `undefined`: there is no such table. */
  columnsOf(knex: Knex, table: TableName): Promise<readonly FoundColumn[] | undefined>;
  addColumns(table: TableName, columns: readonly ColumnOf[]): readonly Statement[];
  /** Makes the column's type that of the kind; its values stay. */
  changeType(table: TableName, column: string, kind: Kind): readonly Statement[];
  createIndex(table: TableName, index: string, column: ColumnOf): Statement | undefined;
  /** Whether a column of kind `has` holds every value of kind `wants`. */
  holds(has: Kind, wants: Kind): boolean;
  /** The value to bind; `undefined`: a column of this kind cannot hold it. */
  encode(kind: Kind, value: FlatValue): Bound | undefined;
  /** A time, ms since the epoch. */
  time(ms: number): Bound;
  /** Inserts the rows, or replaces those that are there. */
  upsert(trx: Knex, slice: RowSlice): Knex.Raw;
}
