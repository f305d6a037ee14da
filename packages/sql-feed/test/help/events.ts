import { toTypeSchema } from '@soar-feed/core';
import type { FeedEvent, SoarObject, TypeSchema } from '@soar-feed/core';
import { anIncident, aRow, schemas } from '@soar-feed/feed-testkit';

export type RawField = Extract<NonNullable<Parameters<typeof toTypeSchema>[0]['fields']>, readonly unknown[]>[number];

/** A custom field of incidents. */
export function field(name: string, input_type = 'text', id = 5_000): RawField {
  return { id, name, text: name, input_type, prefix: 'properties', internal: false };
}

/** The schema of incidents with more fields, or others of the same names. */
export function incidentsWith(fields: readonly RawField[], without: readonly string[] = []): TypeSchema {
  const more = toTypeSchema({
    id: 0,
    type_id: 0,
    type_name: 'incident',
    display_name: 'Incident',
    fields: [...fields],
  });
  const own = [...schemas.incident.fields].filter(([name]) => !without.includes(name));
  return { ...schemas.incident, fields: new Map([...own, ...more.fields]) };
}

/** An incident with custom fields; `vers` says how new it is. */
export function incident(
  incidentId: number,
  options: {
    readonly schema?: TypeSchema;
    readonly properties?: SoarObject;
    readonly vers?: number;
    readonly payload?: SoarObject;
  } = {},
): FeedEvent {
  const { schema = schemas.incident, properties = {}, vers = 1, payload = {} } = options;
  return { ...anIncident({ incidentId, payload: { ...payload, properties, vers } }), schema };
}

/** A row of a data table called so. */
export function rowOf(type: string, objectId: number, options: { readonly incidentId?: number } = {}): FeedEvent {
  const row = aRow({ objectId, ...options });
  return { ...row, key: { ...row.key, type }, schema: { ...row.schema, name: type } };
}
