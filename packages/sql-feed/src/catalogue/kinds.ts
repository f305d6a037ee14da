import { flatten, isDataTable } from '@soar-feed/core';
import type { FeedEvent, FieldSchema, FlatValue, TypeSchema } from '@soar-feed/core';
import type { Kind } from '../dialects/Dialect.js';
import { OWN_COLUMNS } from './TablePlan.js';

/** A field that a table should have a column for. */
export interface WantedField {
  readonly field: string;
  readonly kind: Kind;
}

const TYPES_WITH_CONTENT = ['artifact', 'attachment'];

/** All fields of the type, and the columns that IBM adds to it; built-in fields first. */
export function fieldsOf(schema: TypeSchema): readonly WantedField[] {
  const own = Object.keys(flatten(emptyObject(schema))).filter((name) => !schema.fields.has(name));
  const fields = [...schema.fields.values()].sort((a, b) => Number(b.internal) - Number(a.internal));
  const isFree = ({ field }: WantedField): boolean => field !== OWN_COLUMNS.id && field !== OWN_COLUMNS.incident;
  return [
    { field: OWN_COLUMNS.id, kind: 'integer' },
    { field: OWN_COLUMNS.incident, kind: 'integer' },
    ...own.map((field): WantedField => ({ field, kind: kindOfExtra(field, null) })).filter(isFree),
    ...(TYPES_WITH_CONTENT.includes(schema.name) ? [{ field: OWN_COLUMNS.content, kind: 'blob' } as const] : []),
    ...fields.map((field): WantedField => ({ field: field.name, kind: kindOfField(field) })).filter(isFree),
  ];
}

/** The column of a value that no field of the type describes. */
export function kindOfExtra(name: string, value: FlatValue): Kind {
  if (name === 'org_id' || name === OWN_COLUMNS.task || name.startsWith('timeseries__')) return 'integer';
  if (/^hipaa_/.test(name)) return name.endsWith('_comment') ? 'text' : 'boolean';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' || typeof value === 'bigint' ? 'integer' : 'text';
}

function kindOfField({ inputType }: FieldSchema): Kind {
  switch (inputType) {
    case 'number':
      return 'integer';
    case 'boolean':
      return 'boolean';
    case 'datepicker':
      return 'date';
    case 'datetimepicker':
      return 'datetime';
    case 'select':
    case 'select_owner':
    case 'select_user':
    case 'multiselect':
    case 'multiselect_members':
      return 'label';
    default:
      return 'text';
  }
}

/** `flatten` knows which columns a type has beside its fields: so an object without values is shown to it. */
function emptyObject(schema: TypeSchema): FeedEvent {
  return {
    id: '',
    origin: 'reload',
    operation: 'upsert',
    key: { orgId: 1, incidentId: 1, type: schema.name, objectId: 1 },
    workspace: '',
    observedAtMs: 0,
    payload: isDataTable(schema) ? { cells: {} } : {},
    schema,
  };
}
