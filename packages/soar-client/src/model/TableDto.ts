import type { SoarObject } from './SoarObject.js';

/** One data table of one incident. */
export interface TableDto extends SoarObject {
  /** The table's own type id (1001 and up). */
  readonly id: number;
  readonly rows: readonly RowDto[];
}

export interface RowDto extends SoarObject {
  readonly id: number;
  readonly type_id?: number;
  readonly table_name?: string;
  readonly inc_id?: number;
  readonly version?: number;
  /** Keyed by column id (as text); `value` is missing when the cell is empty. */
  readonly cells: Readonly<Record<string, CellDto>>;
}

export interface CellDto extends SoarObject {
  readonly id?: unknown;
  readonly row_id?: number;
  readonly value?: unknown;
}

/** Cells on write: keyed by column name. */
export type CellInput = Readonly<Record<string, { readonly value: unknown }>>;
