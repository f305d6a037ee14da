import type { People } from '../people/People.js';
import { own, put } from '../bag.js';
import { isSelect } from '../schema/TypeDef.js';
import type { Field, TypeDef } from '../schema/TypeDef.js';

/**
 * How selects and people are returned: as option ids, as labels and e-mails, or as `{id,name}`; `mixed`: single values
 * as `{id,name}`, lists as ids.
 */
export type HandleFormat = 'ids' | 'names' | 'objects' | 'mixed';

export interface Format {
  handles: HandleFormat;
  /** Rich text as `{format,content}` instead of a string. */
  richTextObjects: boolean;
  /** Members as `{"values":{id:...}}`. */
  memberValues?: boolean;
}

export const plain: Format = { handles: 'ids', richTextObjects: false };

export function isPlain(format: Format): boolean {
  return format.handles === 'ids' && !format.richTextObjects;
}

/** A stored value in the requested format. */
export function showValue(field: Field, value: unknown, format: Format, people: People): unknown {
  if (value === null || value === undefined) return value;
  if (field.inputType === 'textarea')
    return format.richTextObjects ? { format: field.richText ? 'html' : 'text', content: value } : value;
  if (format.memberValues && field.inputType === 'multiselect_members' && Array.isArray(value))
    return { values: Object.fromEntries(value.map((id) => [id, people.get(id)?.dto ?? null])) };
  if (format.handles === 'ids' || !isSelect(field)) return value;
  if (Array.isArray(value) && format.handles === 'mixed') return value;
  if (Array.isArray(value)) return value.map((each) => showHandle(field, each, format.handles, people));
  return showHandle(field, value, format.handles, people);
}

function showHandle(field: Field, id: unknown, handles: HandleFormat, people: People): unknown {
  // plan_status and a task's status are codes, not handles: they stay "A", "C", "O" in every format.
  if (typeof id !== 'number') return id;
  const name = nameOf(field, id, people);
  if (handles === 'mixed' && field.people) return people.get(id)?.dto ?? { id, name };
  return handles === 'names' ? name : { id, name };
}

/** Label of an option; e-mail of a user, name of a group or API key. */
export function nameOf(field: Field, id: unknown, people: People): string | null {
  return (field.people ? people.get(id)?.dto.name : field.options.get(id)?.label) ?? null;
}

/** A copy of a stored object in the requested format: top-level fields, and those in sections such as `properties`. */
export function showObject(
  object: Readonly<Record<string, unknown>>,
  type: TypeDef,
  format: Format,
  people: People,
): Record<string, unknown> {
  const shown: Record<string, unknown> = { ...object };
  if (isPlain(format)) return shown;
  const sections = new Map<string, Record<string, unknown>>();
  for (const field of type.fields.values()) {
    let target = shown;
    if (field.prefix !== null) {
      const copy = sections.get(field.prefix) ?? sectionOf(object, field.prefix);
      if (!copy) continue;
      sections.set(field.prefix, copy);
      shown[field.prefix] = target = copy;
    }
    if (Object.hasOwn(target, field.name))
      put(target, field.name, showValue(field, own(target, field.name), format, people));
  }
  return shown;
}

/** A copy of a section such as `properties`, if the object has it. */
function sectionOf(object: Readonly<Record<string, unknown>>, name: string): Record<string, unknown> | undefined {
  const section = object[name];
  return typeof section === 'object' && section !== null ? { ...section } : undefined;
}
