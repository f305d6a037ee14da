import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { toTypeSchema } from '@soar-feed/core';
import type { FeedEvent, ObjectKey, SoarObject, TypeSchema } from '@soar-feed/core';

/**
 * Answers of a stand-in for the platform, and the database that IBM's SQLite feed (rc_data_feed 2.2.1, odbcfeed 1.1) made
 * of them. Everything in it is invented.
 */
const FOLDER = new URL('../fixtures/ibm/', import.meta.url);

export const IBM_FILE = fileURLToPath(new URL('objects.sqlite3', FOLDER));

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as unknown;

const described = read('types.json') as Readonly<Record<string, Parameters<typeof toTypeSchema>[0]>>;

/** The types that core hands to targets: the incident, and what belongs to one. */
export const sampleTypes: readonly TypeSchema[] = Object.values(described)
  .map((type) => toTypeSchema(type))
  .filter(({ name, parentTypes }) => name === 'incident' || parentTypes.some((one) => /^(incident|task)$/.test(one)));

const schemaOf = (test: (schema: TypeSchema) => boolean): TypeSchema => {
  const schema = sampleTypes.find(test);
  if (schema === undefined) throw new Error('The sample has no such type.');
  return schema;
};

/** What IBM's feed was given: three incidents and all their objects, parents first. */
export function sampleEvents(): readonly FeedEvent[] {
  const incidents = (read('incidents.json') as readonly SoarObject[]).map((payload) =>
    eventOf(
      payload,
      schemaOf(({ name }) => name === 'incident'),
      Number(payload['id']),
    ),
  );
  const { results } = read('search_ex.json') as { readonly results: readonly Hit[] };
  const others = results
    .filter(({ type_id }) => type_id !== 'incident')
    .map(({ type_id, inc_id, result }) => {
      const type = type_id === 'datatable' ? String(idOf(result['type_id'])) : type_id;
      const schema = schemaOf(({ name, displayName, id }) => [name, displayName, String(id)].includes(type));
      return eventOf(result, schema, inc_id);
    });
  return [...incidents, ...others];
}

interface Hit {
  readonly type_id: string;
  readonly inc_id: number;
  readonly result: SoarObject;
}

function eventOf(given: SoarObject, schema: TypeSchema, incidentId: number): FeedEvent {
  const payload = { ...given };
  for (const name of ['id', 'task_id', 'parent_id']) if (name in payload) payload[name] = idOf(payload[name]);
  const key: ObjectKey = { orgId: 201, incidentId, type: schema.name, objectId: Number(payload['id']) };
  const incident: ObjectKey = { ...key, type: 'incident', objectId: incidentId };
  return {
    id: `${schema.name}-${key.objectId}`,
    origin: 'reload',
    operation: 'upsert',
    key,
    ...(schema.name === 'incident' ? {} : { parent: incident }),
    workspace: 'Default workspace',
    observedAtMs: 1_795_900_000_000,
    payload,
    schema,
  };
}

function idOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'id' in value ? value.id : value;
}
