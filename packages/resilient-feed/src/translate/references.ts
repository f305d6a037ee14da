import type { FeedEvent, FieldSchema } from '@soar-feed/core';
import type { TargetCatalog } from './TargetCatalog.js';
import type { TranslatedField } from '../fields/TranslatedField.js';

/** `sync_reference_fields`: says where the incident comes from, in those of IBM's df_* fields that the target has. */
export function referenceFields(event: FeedEvent, catalog: TargetCatalog, sourceHost: string): TranslatedField[] {
  const references = new Map<string, unknown>([
    ['df_org_id', event.key.orgId],
    ['df_inc_id', event.key.incidentId],
    ['df_host', sourceHost],
    ['df_create_date', event.payload['create_date']],
  ]);
  const schema = catalog.type('incident');
  return [...references].flatMap(([name, reference]) => {
    const field = schema?.fields.get(name);
    if (field?.prefix !== 'properties' || field.readOnly) return [];
    const value = asFieldTakesIt(field, reference);
    return value === undefined ? [] : [{ name, prefix: 'properties', inputType: field.inputType, value }];
  });
}

/** People may have made the fields by hand, as text. `undefined`: the field's type cannot hold the value. */
function asFieldTakesIt({ inputType, richText }: FieldSchema, value: unknown): unknown {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  switch (inputType) {
    case 'text':
      return String(value);
    case 'textarea':
      return richText ? { format: 'text', content: String(value) } : String(value);
    case 'number':
    case 'datepicker':
    case 'datetimepicker':
      return typeof value === 'number' ? value : undefined;
    default:
      return undefined;
  }
}
