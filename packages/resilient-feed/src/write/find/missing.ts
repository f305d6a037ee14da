import { incidentKey, isIncident } from '@soar-feed/core';
import type { ObjectKey } from '@soar-feed/core';
import type { SoarClient } from '@soar-feed/soar-client';
import type { Known } from '../../mapping/lookUp.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import { isNotFound, unlessGone } from '../notFound.js';
import type { WriteJob } from '../WriteJob.js';

/**
 * The object whose counterpart a 404 reports as missing, by its key in the source. `undefined`: the error is not such a
 * 404.
 */
export async function missingOf(
  error: unknown,
  job: WriteJob,
  known: Known,
  { writers, client }: { readonly writers: ObjectWriters; readonly client: SoarClient },
): Promise<ObjectKey | undefined> {
  if (!isNotFound(error)) return undefined;
  const { key, parent } = job.event;
  if (isIncident(key) || job.place === undefined) return known.mapping === undefined ? undefined : key;
  const { incidentId, taskId, parentId } = job.place;
  if ((await writers.incidents.get(incidentId, job.signal)) === undefined) return incidentKey(key);
  if (known.taskKey !== undefined && taskId !== undefined) {
    if ((await unlessGone(client.tasks.get(taskId, { signal: job.signal }))) === undefined) return known.taskKey;
  }
  if (known.mapping?.state === 'active') return key;
  return parentId === undefined ? undefined : parent;
}
