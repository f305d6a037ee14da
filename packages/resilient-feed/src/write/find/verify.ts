import { isIncident } from '@soar-feed/core';
import type { Mapping } from '../../mapping/Mapping.js';
import type { Creates } from '../../mapping/Creates.js';
import type { Rows } from '../../mapping/Rows.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import { hasKey } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

interface Org {
  readonly rows: Rows;
  readonly creates: Creates;
  readonly writers: ObjectWriters;
}

/**
 * Looks in the target for the object of a row that IBM's feed wrote. If it is gone or a different one, an unmapped
 * object with the same natural key takes its place. `undefined`: there is none.
 */
export async function verify(job: WriteJob, mapping: Mapping, org: Org): Promise<TargetObject | undefined> {
  if (isIncident(mapping.source)) return verifyIncident(job, mapping, org);
  const { rows, writers } = org;
  const writer = writers.of(mapping.source.type);
  const key = writer.naturalKey(job);
  const siblings = await writers.siblings(placeOf(job), mapping.source.type, job.signal);
  const mapped = siblings.find(({ target }) => target.objectId === mapping.target?.objectId);
  if (mapped !== undefined && hasKey(mapped, key)) return mapped;
  const taken = await rows.mappedTargets(placeOf(job).incidentId, mapping.source.type);
  const twin = siblings.find((sibling) => !taken.has(sibling.target.objectId) && hasKey(sibling, key));
  if (twin !== undefined) return twin;
  // Most likely it was edited since. But IBM's replayed retries wrote rows with the id of a parent: those are not
  // trusted.
  const trusted = mapped !== undefined && !writer.keyIsFixed && !(await isSuspect(mapping, rows));
  return trusted ? mapped : undefined;
}

async function verifyIncident(
  job: WriteJob,
  mapping: Mapping,
  { rows, creates, writers }: Org,
): Promise<TargetObject | undefined> {
  const key = writers.incidents.naturalKey(job);
  const mapped =
    mapping.target === undefined ? undefined : await writers.incidents.get(mapping.target.objectId, job.signal);
  // One equal field is enough: names are edited, and references may not have been kept.
  if (mapped !== undefined && key.some((field) => identifies(field.name) && hasKey(mapped, [field]))) return mapped;
  for (const candidate of await writers.incidents.candidates(key, job.signal)) {
    const id = candidate.target.objectId;
    if (!hasKey(candidate, key) || (await rows.mappedTargets(id, 'incident')).has(id)) continue;
    if (creates.claim(id, mapping.source)) return candidate;
  }
  return undefined;
}

function identifies(fieldName: string): boolean {
  return fieldName === 'df_inc_id' || fieldName === 'name' || fieldName === 'discovered_date';
}

/** Whether IBM's retries may have stored the parent's id as the object's. */
async function isSuspect({ source }: Mapping, rows: Rows): Promise<boolean> {
  if (source.objectId === source.incidentId) return true;
  return source.type !== 'task' && (await rows.find({ ...source, type: 'task' })) !== undefined;
}
