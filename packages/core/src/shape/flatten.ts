import { taskIdOf } from '../hierarchy/taskOf.js';
import type { FeedEvent, SoarObject } from '../contract/FeedEvent.js';
import { isDataTable } from '../contract/TypeSchema.js';
import type { FieldSchema, TypeSchema } from '../contract/TypeSchema.js';
import { ownValue as own } from './ownValue.js';
import { timeSeriesColumns } from './timeSeriesColumns.js';
import { translateValue } from './translateValue.js';
import type { FlatValue } from './translateValue.js';

/** One level: a column per field. */
export type FlatRow = Readonly<Record<string, FlatValue>>;

/** The fields of an incident's HIPAA section; `GET /types` does not list them (IBM's ODBC feed adds them by hand). */
const HIPAA = ['adverse', 'misused', 'acquired', 'additional_misuse', 'breach'].flatMap((name) => [
  `hipaa_${name}`,
  `hipaa_${name}_comment`,
]);

/**
 * The event's object as every feed of IBM's but ResilientFeed writes it: all fields of the type by name without their
 * section's prefix (null when the object has none), labels for ids, dates as ISO text, plus `id`, `inc_id`, the columns
 * that IBM adds to a type, and the time series where the event has it. The event is not changed.
 */
export function flatten(event: FeedEvent, options: { readonly orgName?: string } = {}): FlatRow {
  const { key, payload, schema } = event;
  const fields = [...schema.fields.values()].map((field): [string, FlatValue] => [
    field.name,
    translateValue(field, rawValue(payload, field, schema)),
  ]);
  return {
    ...Object.fromEntries([
      ...extraColumns(event, options.orgName),
      ...fields,
      ...timeSeriesColumns(event.timeSeries ?? []),
    ]),
    // Last: a data table may have a column of such a name, and a stub payload may lack them.
    id: key.objectId,
    inc_id: key.incidentId,
  };
}

function rawValue(payload: SoarObject, field: FieldSchema, schema: TypeSchema): unknown {
  if (isDataTable(schema)) return cellValue(payload['cells'], field);
  return own(field.prefix === undefined ? payload : own(payload, field.prefix), field.name);
}

/** Cells are keyed by the column's id as text, or by its name where names were asked for; an empty one has no `value`. */
function cellValue(cells: unknown, field: FieldSchema): unknown {
  return own(own(cells, String(field.id)) ?? own(cells, field.name), 'value');
}

function extraColumns(event: FeedEvent, orgName: string | undefined): [string, FlatValue][] {
  const { key, payload, schema } = event;
  switch (key.type) {
    case 'incident':
      return [
        ['org_id', number(payload['org_id']) ?? key.orgId],
        ['org_name', orgName ?? orgLabel(payload, schema)],
        ...HIPAA.map((name): [string, FlatValue] => [name, scalar(own(payload['hipaa'], name))]),
      ];
    case 'note':
    case 'attachment':
      return [['task_id', taskIdOf(event) ?? null]];
    default:
      return [];
  }
}

function orgLabel(payload: SoarObject, schema: TypeSchema): FlatValue {
  const field = schema.fields.get('org_handle');
  const label = field === undefined ? null : translateValue(field, payload['org_handle'] ?? payload['org_id']);
  return typeof label === 'string' && Number.isNaN(Number(label)) ? label : null;
}

/** Ids come as numbers or, where handles were asked for as objects, as `{id, name}`. */
function number(value: unknown): number | undefined {
  const id = own(value, 'id') ?? value;
  return typeof id === 'number' ? id : undefined;
}

function scalar(value: unknown): FlatValue {
  const inner = own(value, 'content') ?? own(value, 'name') ?? value;
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof inner) ? (inner as FlatValue) : null;
}
