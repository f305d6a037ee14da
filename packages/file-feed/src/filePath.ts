import { createHash } from 'node:crypto';
import { isIncident } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';

/** IBM's names: `incident_<incident>.json`, and `incident_<incident>_<type>_<object>.json` for what belongs to it. */
export function fileName(key: ObjectKey): string {
  if (isIncident(key)) return `incident_${key.incidentId}.json`;
  return `incident_${key.incidentId}_${safeName(key.type)}_${key.objectId}.json`;
}

/** Whether the file holds the incident or something that belongs to it. */
export function isOfIncident(name: string, incidentId: number): boolean {
  return (
    name === `incident_${incidentId}.json` || (name.startsWith(`incident_${incidentId}_`) && name.endsWith('.json'))
  );
}

/**
 * Whether the file holds something that may belong to a task of the incident: its `task_id` tells. Notes and attachments
 * only: a data table `note_book` may have a column `task_id` of its own.
 */
export function mayBeOfTask(name: string, incidentId: number): boolean {
  const [, incident] = /^incident_(\d+)_(?:note|attachment)_\d+\.json$/.exec(name) ?? [];
  return incident === String(incidentId);
}

/** File systems allow 255 bytes; the rest of the name needs about 60. */
const MAX_LENGTH = 120;

const HASH_LENGTH = 16;
const HASHED = new RegExp(`_[0-9a-f]{${HASH_LENGTH}}$`);

/**
 * API names are letters, digits and `_`; anything else could leave the folder or collide, so it is replaced, and a hash
 * of the whole keeps two such names apart. A name that looks like the outcome is hashed as well: nobody can choose a
 * table's name so that it takes another one's files.
 */
function safeName(type: string): string {
  if (/^\w+$/.test(type) && type.length <= MAX_LENGTH && !HASHED.test(type)) return type;
  const hash = createHash('sha256').update(type).digest('hex').slice(0, HASH_LENGTH);
  return `${type.replace(/\W/g, '_').slice(0, MAX_LENGTH)}_${hash}`;
}
