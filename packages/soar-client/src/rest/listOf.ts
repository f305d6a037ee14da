/** Small collections come as a list, as `{entities: []}`, as `{data: []}` or as a map, by endpoint and version. */
export function listOf<T extends object>(body: object): T[] {
  if (Array.isArray(body)) return body as T[];
  const { entities, data } = body as { entities?: unknown; data?: unknown };
  if (Array.isArray(entities)) return entities as T[];
  if (Array.isArray(data)) return data as T[];
  return Object.values(body).filter((value): value is T => typeof value === 'object' && value !== null);
}
