import { asBag } from '../bag.js';
import type { Bag } from '../bag.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { found } from '../OrgState.js';
import { invalid, noObject, staleVersion } from '../PlatformError.js';
import type { RowRecord } from '../records.js';
import type { Field, TypeDef } from '../schema/TypeDef.js';
import { rowView } from './views.js';

/** Rows of data tables. Cells arrive as `{ "<column name or id>": {"value": v} }`. */
export class Rows {
  constructor(private readonly org: OrgState) {}

  /** By API name or type id. */
  table(nameOrId: string | number): TypeDef {
    const type = this.org.schema.type(nameOrId);
    if (!type.isTable) throw noObject(nameOrId);
    return type;
  }

  create(incidentId: number, table: TypeDef, cells: Bag, write: WriteContext): RowRecord {
    const incident = this.org.incident(incidentId);
    const values = this.stage(table, new Map(), cells, 'cleared');
    return this.org.journal.within(write, () => {
      const record: RowRecord = { incident, table, id: this.org.ids.next('row'), version: 1, values };
      incident.rows.set(record.id, record);
      this.org.rows.set(record.id, record);
      this.changed(record, 'created');
      return record;
    });
  }

  /** `version`: the one that the client read; undefined if it sent none (accepted, as on servers before v31). */
  update(
    id: number,
    cells: Bag,
    version: number | undefined,
    write: WriteContext,
    absent = this.org.behaviour.cellsNotSent,
  ): RowRecord {
    const record = found(this.org.rows, id);
    const stale = version !== undefined && version !== record.version;
    if (stale && this.org.behaviour.staleRowVersion === 'refused') throw staleVersion();
    const values = this.stage(record.table, record.values, cells, absent);
    return this.org.journal.within(write, () => {
      for (const [column, value] of values) record.values.set(column, value);
      record.version++;
      this.changed(record, 'modified');
      return record;
    });
  }

  remove(id: number, write: WriteContext): void {
    const record = found(this.org.rows, id);
    this.org.journal.within(write, () => {
      record.incident.rows.delete(id);
      this.org.rows.delete(id);
      this.changed(record, 'deleted');
    });
  }

  /** The row, if it belongs to that table of that incident. */
  at(incidentId: number, table: TypeDef, id: number): RowRecord {
    const record = found(this.org.rows, id);
    if (record.incident.dto.id !== incidentId || record.table !== table) throw noObject(id);
    return record;
  }

  private stage(
    table: TypeDef,
    current: ReadonlyMap<number, unknown>,
    cells: Bag,
    absent: 'kept' | 'cleared',
  ): Map<number, unknown> {
    const sent = new Map<number, unknown>();
    for (const [name, cell] of Object.entries(cells)) sent.set(columnOf(table, name).id, asBag(cell)['value'] ?? null);
    const staged = new Map<number, unknown>();
    for (const column of table.fields.values()) {
      const value = sent.has(column.id)
        ? this.org.reader.read(column, sent.get(column.id), current.get(column.id))
        : absent === 'kept'
          ? (current.get(column.id) ?? null)
          : null;
      if (column.required === 'always' && (value === null || value === ''))
        throw invalid(`Field ${column.name.replaceAll('_', ' ')} is required.`, ['field_defs']);
      staged.set(column.id, value);
    }
    return staged;
  }

  private changed(record: RowRecord, operation: 'created' | 'modified' | 'deleted'): void {
    const { incident, table, id } = record;
    this.org.touch(incident);
    const object = () => rowView(record);
    this.org.journal.record({ type: table.name, operation, id, incident, task: null, object });
  }
}

function columnOf(table: TypeDef, name: string): Field {
  const column = table.fields.get(name) ?? table.fieldsById.get(Number(name));
  if (!column) throw invalid(`Invalid field name: ${name}`);
  return column;
}

/** Converts plain values to the form in which the platform takes cells. */
export function asCells(values: Record<string, unknown>): Bag {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
