import { valueOf } from '../org/FieldWriter.js';
import { put } from '../org/bag.js';
import type { Bag } from '../org/bag.js';
import { optionDto } from '../org/schema/OptionSet.js';
import type { TypeDef } from '../org/schema/TypeDef.js';

/**
 * One entry of a message's `type_info`: every field of the type with its id, but only those options that the object
 * uses, keyed by the option's id as a string.
 */
export function typeInfo(type: TypeDef, object: Bag): Bag {
  const fields: Bag = {};
  for (const field of type.fields.values()) {
    const values: Bag = {};
    if (field.options.size > 0)
      for (const id of [valueOf(field, object)].flat()) {
        const used = field.options.get(id);
        if (used) values[String(id)] = optionDto(used);
      }
    put(fields, field.name, { id: field.id, values });
  }
  return { type_id: type.id, fields };
}

/** A row's values by column name, as `typeInfo` needs them. */
export function rowValues(table: TypeDef, row: Bag): Bag {
  const cells = row['cells'] as Record<string, { value?: unknown }>;
  return Object.fromEntries(Array.from(table.fields.values(), ({ id, name }) => [name, cells[id]?.value ?? null]));
}
