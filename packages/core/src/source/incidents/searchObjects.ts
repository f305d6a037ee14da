import type { CallOptions, SearchResult, SearchType, SoarClient } from '@soar-feed/soar-client';

/**
 * A round number of results may mean an undocumented limit: such a range is split until the number is not round, or the
 * range is a single incident.
 */
const SUSPICIOUS_STEP = 500;

/** All objects of these types below incidents, which come by ascending id. */
export async function searchObjects(
  client: Pick<SoarClient, 'search'>,
  incidentIds: readonly number[],
  types: readonly SearchType[],
  options: CallOptions,
): Promise<readonly SearchResult[]> {
  const range = { minIncidentId: incidentIds[0] as number, maxIncidentId: incidentIds.at(-1) as number };
  const results = await client.search.children({ ...range, types }, options);
  const suspicious = results.length > 0 && results.length % SUSPICIOUS_STEP === 0;
  if (!suspicious || incidentIds.length === 1) return results;
  const half = Math.ceil(incidentIds.length / 2);
  const first = await searchObjects(client, incidentIds.slice(0, half), types, options);
  const second = await searchObjects(client, incidentIds.slice(half), types, options);
  return [...first, ...second];
}
