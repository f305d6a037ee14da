import { createHash } from 'node:crypto';
import { isIncident } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';

/** IBM's names: `incident_<incident>.json`, and `incident_<incident>_<type>_<object>.json` for its objects. */
export function fileName(key: ObjectKey): string {
  if (isIncident(key)) return `incident_${key.incidentId}.json`;
  return `incident_${key.incidentId}_${safeName(key.type)}_${key.objectId}.json`;
}

/** Whether the file holds the incident or one of its objects. */
export function isOfIncident(name: string, incidentId: number): boolean {
  const isFile = name.endsWith('.json') || name.includes(CONTENT);
  return name === `incident_${incidentId}.json` || (name.startsWith(`incident_${incidentId}_`) && isFile);
}

/**
 * Whether the file may hold an object of a task of the incident; its `task_id` decides. Only notes and attachments: a
 * data table `note_book` may have its own column `task_id`.
 */
export function mayBeOfTask(name: string, incidentId: number): boolean {
  const [, incident] = /^incident_(\d+)_(?:note|attachment)_\d+\.json$/.exec(name) ?? [];
  return incident === String(incidentId);
}

/** Before the name of a file with bytes: `incident_12_attachment_3.content_report.pdf`. */
const CONTENT = '.content_';

/** The beginning of the name of a file that holds an object's bytes. */
export function contentBase(key: ObjectKey): string {
  return `${fileName(key).slice(0, -'.json'.length)}${CONTENT}`;
}

/** Longest part of a file's own name that is kept; its end, because that says what it is. */
const MAX_CONTENT_NAME = 80;

/** The end of that name: the file's own, of letters, digits, `.`, `_` and `-` only, so that it stays in the folder. */
export function contentName(name: string): string {
  return name.replace(/[^\w.-]/g, '_').slice(-MAX_CONTENT_NAME);
}

/** File systems allow 255 bytes; the rest of the name needs about 60. */
const MAX_LENGTH = 120;

const HASH_LENGTH = 16;
const HASHED = new RegExp(`_[0-9a-f]{${HASH_LENGTH}}$`);

/**
 * API names are letters, digits and `_`. Anything else could leave the folder or collide: it is replaced, and a hash of
 * the whole name keeps names distinct. A name that looks like the result is hashed as well, so that nobody can choose
 * the name of a table to overwrite the files of another.
 */
function safeName(type: string): string {
  if (/^\w+$/.test(type) && type.length <= MAX_LENGTH && !HASHED.test(type)) return type;
  const hash = createHash('sha256').update(type).digest('hex').slice(0, HASH_LENGTH);
  return `${type.replace(/\W/g, '_').slice(0, MAX_LENGTH)}_${hash}`;
}
