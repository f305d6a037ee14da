import type { TypeSchema } from '@soar-feed/core';
import type { ColumnOf, TableName } from '../dialects/Dialect.js';

/** Columns that every table may have beside the fields of its type. */
export const OWN_COLUMNS = {
  id: 'id',
  incident: 'inc_id',
  task: 'task_id',
  content: 'content',
  /** JSON: what has no column, or what its column cannot hold. */
  more: 'more_fields',
  /** With `on_delete=mark`: when the object was deleted. */
  deleted: 'deleted_at',
  /** Only in tables of the history, which are told from others by it. */
  version: 'version_digest',
} as const;

/** Where the objects of one type are written, as the table is now. */
export interface TablePlan {
  /** The type's API name. */
  readonly type: string;
  readonly table: TableName;
  /** By field; `id` and `inc_id` among them. A field without a column is written to `more`. */
  readonly columns: ReadonlyMap<string, ColumnOf>;
  /** The column for what does not fit elsewhere, once there is one. */
  readonly more?: ColumnOf;
  readonly deleted?: ColumnOf;
  /** The schema that it was made for. */
  readonly schema: TypeSchema;
}
