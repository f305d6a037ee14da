import { ownValue, writeJson } from '@soar-feed/core';
import type { PlannedField } from '@soar-feed/core';
import type { SoarRequest } from '@soar-feed/soar-client';

type Bag = Readonly<Record<string, unknown>>;

/** What a request sets, field by field; of an object that stands there, what would be another value. */
export function fieldsOf(
  { method, body }: Pick<SoarRequest, 'method' | 'body'>,
  before: Bag | undefined,
): PlannedField[] {
  if (typeof body !== 'object' || body === null) return [];
  const sent = method === 'PATCH' ? changesIn(body as Bag) : flat(body as Bag);
  const fields = sent.map(([name, value]): PlannedField => {
    const was = before === undefined ? undefined : standing(before, name);
    return { name, value, ...(was === undefined ? {} : { before: was }) };
  });
  if (method === 'POST') return fields.filter(({ value }) => !isNothing(value));
  return before === undefined ? fields : fields.filter((field) => !isSame(field));
}

function changesIn({ changes }: Bag): readonly (readonly [string, unknown])[] {
  return (Array.isArray(changes) ? (changes as readonly Bag[]) : []).map(({ field, new_value: holder }) => {
    const [value] = Object.values((holder ?? {}) as Bag);
    return [typeof field === 'string' ? field : String((field as Bag | null)?.['name']), value] as const;
  });
}

/** Sections, cells and objects inside are objects of fields; a handle or a rich text is one value. */
function flat(body: Bag): readonly (readonly [string, unknown])[] {
  return Object.entries(body).flatMap(([name, value]) => {
    if (name === 'cells') return flatCells(value as Bag);
    if (isListOfObjects(value))
      return value.flatMap((one, at) =>
        flat(one).map(([inner, part]) => [`${name}[${at + 1}].${inner}`, part] as const),
      );
    if (!isSection(value)) return [[name, value] as const];
    return Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one] as const);
  });
}

function flatCells(cells: Bag): readonly (readonly [string, unknown])[] {
  return Object.entries(cells).map(([name, cell]) => [name, ownValue(cell, 'value')] as const);
}

/** Objects that travel inside the create of another one. */
function isListOfObjects(value: unknown): value is readonly Bag[] {
  return Array.isArray(value) && value.length > 0 && value.every(isSection);
}

function isSection(value: unknown): value is Bag {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return !['id', 'name', 'content', 'format', 'values'].some((key) => key in value);
}

/** A custom field may be named without its section. */
function standing(before: Bag, name: string): unknown {
  const [section, inner] = name.split('.');
  const inSection = inner === undefined ? undefined : ownValue(ownValue(before, section as string), inner);
  const cell = ownValue(ownValue(before, 'cells'), name);
  return (
    inSection ?? ownValue(cell, 'value') ?? ownValue(before, name) ?? ownValue(ownValue(before, 'properties'), name)
  );
}

function isSame({ value, before }: PlannedField): boolean {
  return isNothing(value) ? isNothing(before) : writeJson(plain(value)) === writeJson(plain(before ?? null));
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** A text without its format, and a handle as its id. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return ownValue(value, 'content') ?? ownValue(value, 'id') ?? value;
}
