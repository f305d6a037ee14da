import type { CallOptions, SearchResult, SearchType, SoarClient } from '@soar-feed/soar-client';
import { isDataTable } from '../../contract/TypeSchema.js';
import type { TypeSchema } from '../../contract/TypeSchema.js';
import { platformId } from '../../contract/platformId.js';
import { plainValues } from '../../shape/plainValues.js';
import type { TypeCatalog } from '../../shape/TypeCatalog.js';
import type { ReadObject, WantedTypes } from './incidentParts.js';
import { parentsFirst } from './incidentParts.js';

const SEARCH_TYPES: readonly SearchType[] = ['task', 'note', 'milestone', 'artifact', 'attachment'];

/**
 * A round number of results may mean an undocumented limit: such a range is split until the number is not round, or the
 * range is a single incident.
 */
const SUSPICIOUS_STEP = 500;

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
  for (const result of await search(client, incidentIds, types, options)) {
    const schema = await schemaOf(result, catalog);
    const payload = schema === undefined ? undefined : plainValues(result.result, fieldsFor(schema));
    if (schema === undefined || payload === undefined || !wants(schema.name)) continue;
    const incidentId = platformId(result.inc_id ?? payload.inc_id, `The incident id of a ${schema.name} in the search`);
    found.get(incidentId)?.push({ schema: await catalog.knowing(schema, payload), payload });
  }
  return new Map([...found].map(([id, objects]) => [id, parentsFirst(objects)]));
}

async function search(
  client: SoarClient,
  incidentIds: readonly number[],
  types: readonly SearchType[],
  options: CallOptions,
): Promise<readonly SearchResult[]> {
  const range = { minIncidentId: incidentIds[0] as number, maxIncidentId: incidentIds.at(-1) as number };
  const results = await client.search.children({ ...range, types }, options);
  const suspicious = results.length > 0 && results.length % SUSPICIOUS_STEP === 0;
  if (!suspicious || incidentIds.length === 1) return results;
  const half = Math.ceil(incidentIds.length / 2);
  const first = await search(client, incidentIds.slice(0, half), types, options);
  const second = await search(client, incidentIds.slice(half), types, options);
  return [...first, ...second];
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
