export interface CellDto {
  id: string;
  row_id: number;
  /** Absent when the cell is empty. */
  value?: unknown;
}

export interface RowDto {
  id: number;
  /** Id of the table's type. */
  type_id: number;
  table_name: string;
  inc_id: number;
  inc_name: string;
  inc_owner: number | null;
  version: number;
  /** Keyed by the column's id as a string. */
  cells: Record<string, CellDto>;
  actions: unknown[];
  playbooks: unknown[];
  [field: string]: unknown;
}
