import { isIncident } from '@soar-feed/core';
import type { Mapping } from '../../mapping/Mapping.js';
import type { MappingStore } from '../../mapping/MappingStore.js';
import { hasKey } from '../create/findTwin.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

/**
 * Whether a row that IBM's feed wrote can be trusted: looks at its object in the target. Where that is gone or another
 * one, an unmapped object with the same natural key takes its place; `undefined`: there is none.
 */
export async function verify(
  job: WriteJob,
  mapping: Mapping,
  store: MappingStore,
  writers: ObjectWriters,
): Promise<TargetObject | undefined> {
  if (isIncident(mapping.source)) return verifyIncident(job, mapping, store, writers);
  const writer = writers.of(mapping.source.type);
  const key = writer.naturalKey(job);
  const siblings = await writers.siblings(placeOf(job), mapping.source.type, job.signal);
  const mapped = siblings.find(({ target }) => target.objectId === mapping.target?.objectId);
  if (mapped !== undefined && hasKey(mapped, key)) return mapped;
  const taken = await store.mappedTargets(placeOf(job).incidentId, mapping.source.type);
  const twin = siblings.find((sibling) => !taken.has(sibling.target.objectId) && hasKey(sibling, key));
  if (twin !== undefined) return twin;
  // Edited since, most likely; unless the row is of the kind that IBM's replayed retries made, which names a parent's id.
  const trusted = mapped !== undefined && !writer.keyIsFixed && !(await isSuspect(mapping, store));
  return trusted ? mapped : undefined;
}

async function verifyIncident(
  job: WriteJob,
  mapping: Mapping,
  store: MappingStore,
  writers: ObjectWriters,
): Promise<TargetObject | undefined> {
  const key = writers.incidents.naturalKey(job);
  const mapped =
    mapping.target === undefined ? undefined : await writers.incidents.get(mapping.target.objectId, job.signal);
  // One of them is enough: names are edited, and references may not have been kept.
  if (mapped !== undefined && key.some((field) => identifies(field.name) && hasKey(mapped, [field]))) return mapped;
  for (const candidate of await writers.incidents.candidates(key, job.signal)) {
    const id = candidate.target.objectId;
    if (!hasKey(candidate, key) || (await store.mappedTargets(id, 'incident')).has(id)) continue;
    if (store.claim(id, mapping.source)) return candidate;
  }
  return undefined;
}

function identifies(fieldName: string): boolean {
  return fieldName === 'df_inc_id' || fieldName === 'name' || fieldName === 'discovered_date';
}

/** IBM's retries stored the parent's id as the object's. */
async function isSuspect({ source }: Mapping, store: MappingStore): Promise<boolean> {
  if (source.objectId === source.incidentId) return true;
  return source.type !== 'task' && (await store.find({ ...source, type: 'task' })) !== undefined;
}
