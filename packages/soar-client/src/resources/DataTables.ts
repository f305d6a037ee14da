import type { CellInput, RowDto, TableDto } from '../model/TableDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import { aCollection, anObjectWithId, aTable } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

/** Rows of an incident's data tables. A table is named by its API name or type id. */
export class DataTables {
  constructor(private readonly rest: SoarRest) {}

  /** All tables of an incident; whether the server keys them by id or by name is unconfirmed, so the keys are dropped. */
  async list(incidentId: number, options: CallOptions = {}): Promise<TableDto[]> {
    return listOf<TableDto>(
      await this.rest.get<object>(`/incidents/${incidentId}/table_data`, { ...options, due: aCollection }),
    );
  }

  get(incidentId: number, table: string | number, options: CallOptions = {}): Promise<TableDto> {
    return this.rest.get(tablePath(incidentId, table), { ...options, due: aTable });
  }

  createRow(incidentId: number, table: string | number, cells: CellInput, options: WriteOptions = {}): Promise<RowDto> {
    return this.rest.create(`${tablePath(incidentId, table)}/row_data`, { cells }, { ...options, due: anObjectWithId });
  }

  /**
   * Send every cell: whether the server keeps or clears the ones left out is unconfirmed. A stale `version` throws a
   * `conflict`; without one the last write wins.
   */
  updateRow(
    incidentId: number,
    table: string | number,
    rowId: number,
    cells: CellInput,
    version: number | undefined,
    options: WriteOptions = {},
  ): Promise<RowDto> {
    const body = version === undefined ? { cells } : { version, cells };
    return this.rest.put(`${tablePath(incidentId, table)}/row_data/${rowId}`, body, {
      ...options,
      due: anObjectWithId,
    });
  }

  deleteRow(incidentId: number, table: string | number, rowId: number, options: WriteOptions = {}): Promise<void> {
    return this.rest.delete(`${tablePath(incidentId, table)}/row_data/${rowId}`, options);
  }
}

function tablePath(incidentId: number, table: string | number): string {
  return `/incidents/${incidentId}/table_data/${encodeURIComponent(table)}`;
}
