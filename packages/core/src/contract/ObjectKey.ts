/**
 * Names one object of one incident in the source organization. Equal keys mean the same object.
 * `type` is the API name IBM uses: `incident`, `task`, `note`, `artifact`, `attachment`, `milestone` or a data table's
 * own name. Object ids are unique per type within a platform.
 */
export interface ObjectKey {
  readonly orgId: number;
  readonly incidentId: number;
  readonly type: string;
  readonly objectId: number;
}

/** One text per key: for maps, logs and primary keys. */
export function keyText(key: ObjectKey): string {
  return `${key.orgId}/${key.incidentId}/${key.type}/${key.objectId}`;
}

/** The key of the incident an object belongs to. */
export function incidentKey(key: ObjectKey): ObjectKey {
  return { orgId: key.orgId, incidentId: key.incidentId, type: 'incident', objectId: key.incidentId };
}

export function isIncident(key: ObjectKey): boolean {
  return key.type === 'incident';
}
