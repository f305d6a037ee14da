import type { SoarObject } from '../contract/FeedEvent.js';

/** Keys whose objects are handles though no field of the type describes them. */
const HANDLES: readonly string[] = ['parent_id', 'task_id', 'inc_id', 'type_id', 'id'];
const HANDLE_TYPES: readonly string[] = ['select', 'select_owner', 'select_user', 'multiselect', 'multiselect_members'];

interface FieldShape {
  readonly inputType: string;
  readonly richText?: boolean;
}

/**
 * search_ex gives handles as `{id, name}`, some lists as `{values: {id: ...}}` and rich text as `{format, content}`, unlike
 * GET and queue messages. One form reaches the targets: ids, and text as a plain string; in a rich-text field
 * `{format: "text"}` keeps its format, since as HTML it would read differently.
 */
export function plainValues(object: SoarObject, fields: ReadonlyMap<string, FieldShape>): SoarObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => {
      if (key === 'cells') return [key, plainCells(value)];
      if (HANDLES.includes(key)) return [key, idOf(value)];
      const field = fields.get(key);
      if (field !== undefined) return [key, plainValue(value, field)];
      // A section such as `properties` or `pii` holds fields of its own.
      return [key, isRecord(value) && hasFields(value, fields) ? plainValues(value, fields) : value];
    }),
  );
}

function plainValue(value: unknown, field: FieldShape): unknown {
  if (HANDLE_TYPES.includes(field.inputType)) return plainHandles(value);
  return field.inputType === 'textarea' ? plainText(value, field.richText === false) : value;
}

/** Cells do not say what they are; the form of the value does. */
function plainCells(cells: unknown): unknown {
  if (!isRecord(cells)) return cells;
  return Object.fromEntries(
    Object.entries(cells).map(([column, cell]) => {
      if (!isRecord(cell) || !('value' in cell)) return [column, cell];
      const { value } = cell;
      return [column, { ...cell, value: plainText(plainHandles(value)) }];
    }),
  );
}

/** A list of ids, or a single one. IBM's data feed plugin reads members as `{values: {id: ...}}` too (rc-data-feed 2.x). */
function plainHandles(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(idOf);
  return isRecord(value) && isRecord(value.values) ? Object.keys(value.values).map(idOfKey) : idOf(value);
}

/** A key of a JSON object is text; the ids of the platform are whole numbers. */
function idOfKey(key: string): unknown {
  const id = Number(key);
  return Number.isSafeInteger(id) ? id : key;
}

function idOf(value: unknown): unknown {
  return isRecord(value) && 'id' in value ? value.id : value;
}

function plainText(value: unknown, neverHtml = false): unknown {
  return isRecord(value) && 'content' in value && (value.format === 'html' || neverHtml) ? value.content : value;
}

function hasFields(value: Record<string, unknown>, fields: ReadonlyMap<string, FieldShape>): boolean {
  return Object.keys(value).some((key) => fields.has(key));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
