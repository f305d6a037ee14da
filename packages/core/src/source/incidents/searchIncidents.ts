import type { CallOptions, SearchResult, SearchType, SoarClient } from '@soar-feed/soar-client';
import { isDataTable } from '../../contract/TypeSchema.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { platformId } from '../../contract/platformId.js';
import { plainValues } from '../../shape/plainValues.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { ReadObject, WantedTypes } from './incidentParts.js';
import { parentsFirst } from './incidentParts.js';
import { searchObjects } from './searchObjects.js';

const SEARCH_TYPES: readonly SearchType[] = ['task', 'note', 'milestone', 'artifact', 'attachment'];

/**
 * The objects of several incidents from the search index: one request for up to 50 incidents. Throws what the search throws,
 * and `DecodeError` for an object without an incident; the caller then reads incident by incident from the database.
 */
export async function searchIncidents(
  client: SoarClient,
  catalog: TypeCatalog,
  incidentIds: readonly number[],
  wants: WantedTypes,
  options: CallOptions = {},
): Promise<ReadonlyMap<number, readonly ReadObject[]>> {
  const tables = (await catalog.all()).filter((type) => isDataTable(type) && wants(type.name));
  const types: SearchType[] = SEARCH_TYPES.filter((type) => wants(type));
  if (tables.length > 0) types.push('datatable');
  const found = new Map<number, ReadObject[]>(incidentIds.map((id) => [id, []]));
  if (types.length === 0 || incidentIds.length === 0) return found;
  for (const result of await searchObjects(client, incidentIds, types, options)) {
    const schema = await schemaOf(result, catalog);
    const payload = schema === undefined ? undefined : plainValues(result.result, fieldsFor(schema));
    if (schema === undefined || payload === undefined || !wants(schema.name)) continue;
    const incidentId = platformId(result.inc_id ?? payload.inc_id, `The incident id of a ${schema.name} in the search`);
    found.get(incidentId)?.push({ schema: await catalog.knowing(schema, payload), payload });
  }
  return new Map([...found].map(([id, objects]) => [id, parentsFirst(objects)]));
}

async function schemaOf(result: SearchResult, catalog: TypeCatalog): Promise<TypeSchema | undefined> {
  if (result.type_id !== 'datatable') return catalog.named(result.type_id);
  const id = result.result.type_id;
  const numbered = typeof id === 'number' ? await catalog.numbered(id) : undefined;
  return numbered ?? (result.obj_name ? catalog.labelled(result.obj_name) : undefined);
}

/** The values of table rows are in cells, which describe themselves. */
function fieldsFor(schema: TypeSchema): TypeSchema['fields'] {
  return isDataTable(schema) ? new Map() : schema.fields;
}
