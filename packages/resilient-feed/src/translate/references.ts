import type { FeedEvent } from '@soar-feed/core';
import type { TargetCatalog } from './TargetCatalog.js';
import type { TranslatedField } from './TranslatedField.js';

/** `sync_reference_fields`: where the incident comes from, in those of IBM's df_* fields that the target has. */
export function referenceFields(event: FeedEvent, catalog: TargetCatalog, sourceHost: string): TranslatedField[] {
  const references: Readonly<Record<string, unknown>> = {
    df_org_id: event.key.orgId,
    df_inc_id: event.key.incidentId,
    df_host: sourceHost,
    df_create_date: event.payload['create_date'],
  };
  const schema = catalog.type('incident');
  return Object.entries(references).flatMap(([name, value]) => {
    const field = schema?.fields.get(name);
    if (field?.prefix !== 'properties' || field.readOnly || value === undefined) return [];
    return [{ name, prefix: 'properties', inputType: field.inputType, value }];
  });
}
