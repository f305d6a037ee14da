import type { TargetRef } from '../../mapping/Mapping.js';
import { unlessGone } from '../notFound.js';
import type { TargetObject } from '../TargetObject.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { WriteJob } from '../WriteJob.js';

/** The counterpart as the target has it now; `undefined`: it is not there any more. */
export async function standingNow(
  { event, signal }: WriteJob,
  target: TargetRef,
  writers: ObjectWriters,
): Promise<TargetObject | undefined> {
  const { type } = event.key;
  if (type === 'incident') return writers.incidents.get(target.objectId, signal);
  const { incidentId, taskId } = target;
  const place = { incidentId, ...(taskId === undefined ? {} : { taskId }) };
  const all = await unlessGone(writers.of(type).list(place, type, signal));
  return all?.find((one) => one.target.objectId === target.objectId);
}
