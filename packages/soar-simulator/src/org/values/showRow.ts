import { put } from '../bag.js';
import type { Bag } from '../bag.js';
import type { People } from '../people/People.js';
import type { TypeDef } from '../schema/TypeDef.js';
import { showValue } from './showValue.js';
import type { Format } from './showValue.js';

/** A row's cells in the requested format; `columnNames` keys them by the column's API name (handle_format=names). */
export function rowCells(
  table: TypeDef,
  row: Bag,
  format: Format & { columnNames: boolean },
  people: People,
): Record<string, Bag> {
  const cells = row['cells'] as Record<string, Bag>;
  const shown: Record<string, Bag> = {};
  for (const column of table.fields.values()) {
    const cell = cells[column.id];
    if (!cell) continue;
    const value = 'value' in cell ? { value: showValue(column, cell['value'], format, people) } : {};
    const id = format.columnNames ? column.name : cell['id'];
    put(shown, format.columnNames ? column.name : String(column.id), { ...cell, id, ...value });
  }
  return shown;
}
