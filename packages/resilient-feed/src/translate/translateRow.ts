import { ownValue } from '@soar-feed/core';
import type { FeedEvent, FieldSchema, TypeSchema } from '@soar-feed/core';
import { convertValue } from './convertValue.js';
import { FieldLosses } from './FieldLosses.js';
import { isEmpty } from '../fields/isEmpty.js';
import { fillRequired } from './requiredFields.js';
import type { TargetCatalog } from './TargetCatalog.js';
import type { TranslatedField, Translation } from '../fields/TranslatedField.js';

/** A data table row: every column that both tables have, by name. Empty ones are included, so that they are cleared. */
export function translateRow(event: FeedEvent, target: TypeSchema, catalog: TargetCatalog): Translation {
  const losses = new FieldLosses();
  const fields: TranslatedField[] = [];
  for (const column of event.schema.fields.values()) {
    const value = cellValue(event, column);
    const field = target.fields.get(column.name);
    if (field === undefined) {
      if (!isEmpty(value)) losses.add('column', `${target.name}.${column.name}`);
      continue;
    }
    if (field.readOnly) continue;
    const label = `${target.name}.${column.name}`;
    const converted = convertValue(value, column, { catalog, type: target.name, field, label, losses });
    if (converted !== undefined) fields.push({ name: column.name, inputType: field.inputType, value: converted });
  }
  const complete = fillRequired(fields, 'always', target, event, catalog, losses);
  return { fields: complete.map(withoutSection), losses: losses.list() };
}

/** Cells are keyed by column id, or by name if labels were asked for. An empty cell has no `value`. */
function cellValue({ payload }: FeedEvent, column: FieldSchema): unknown {
  const { cells } = payload;
  const cell = ownValue(cells, String(column.id)) ?? ownValue(cells, column.name);
  return ownValue(cell, 'value') ?? null;
}

/** Columns have no sections, whatever the schema's `prefix` says. */
function withoutSection({ name, inputType, value }: TranslatedField): TranslatedField {
  return { name, inputType, value };
}
