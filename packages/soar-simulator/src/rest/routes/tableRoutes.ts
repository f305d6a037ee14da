import { asBag } from '../../org/bag.js';
import type { Bag } from '../../org/bag.js';
import type { RowRecord } from '../../org/records.js';
import type { TypeDef } from '../../org/schema/TypeDef.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';
import { showRow } from '../show.js';

export function tableRoutes(routes: OrgRoutes): void {
  const base = '/incidents/:id/table_data';
  routes.get(base, (call) => {
    const byName = call.state.behaviour.tableDataKeys === 'name';
    const tables = call.state.schema.tables();
    return Object.fromEntries(tables.map((table) => [byName ? table.name : table.id, tableBody(call, table)]));
  });
  routes.get(`${base}/:table`, (call) => tableBody(call, tableOf(call)));
  routes.post(`${base}/:table/row_data`, (call) =>
    showRow(call, call.org.rows.create(call.id(), tableOf(call), cells(call), call.write)),
  );
  routes.delete(`${base}/:table/row_data`, (call) => {
    for (const row of rowsOf(call, tableOf(call))) call.org.rows.remove(row.id, call.write);
    return call.deleted();
  });
  routes.put(`${base}/:table/row_data/:row`, (call) => {
    const { version } = call.body;
    const read = typeof version === 'number' ? version : undefined;
    return showRow(call, call.org.rows.update(at(call).id, cells(call), read, call.write));
  });
  routes.delete(`${base}/:table/row_data/:row`, (call) => {
    call.org.rows.remove(at(call).id, call.write);
    return call.deleted();
  });
}

function tableBody(call: Call, table: TypeDef): Bag {
  const incident = call.state.incident(call.id());
  const rows = rowsOf(call, table).map((row) => showRow(call, row));
  return { id: table.id, inc_id: incident.dto.id, table_name: table.name, rows };
}

function rowsOf(call: Call, table: TypeDef): RowRecord[] {
  return [...call.state.incident(call.id()).rows.values()].filter((row) => row.table === table);
}

function tableOf(call: Call): TypeDef {
  return call.org.rows.table(call.text('table'));
}

function cells(call: Call): Bag {
  return asBag(call.body['cells']);
}

function at(call: Call): RowRecord {
  return call.org.rows.at(call.id(), tableOf(call), call.id('row'));
}
