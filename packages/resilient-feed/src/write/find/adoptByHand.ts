import { EMAIL_TYPE, PermanentError, isIncident, keyText } from '@soar-feed/core';
import type { ParkedObject } from '@soar-feed/core';
import type { MappingFlags } from '../../mapping/MappingFlags.js';
import type { Creates } from '../../mapping/Creates.js';
import type { Rows } from '../../mapping/Rows.js';
import type { Place } from '../../mapping/Place.js';
import { emailType, sourceType, targetType } from '../../fields/emailTypes.js';
import type { Emails } from '../../fields/emailTypes.js';
import { mappedFormOf, NO_EMAILS } from '../../mapping/emailFormOf.js';
import { lookUp } from '../../mapping/lookUp.js';
import type { Known } from '../../mapping/lookUp.js';
import { unlessGone } from '../notFound.js';
import type { ObjectWriters } from '../types/ObjectWriters.js';
import type { TargetObject } from '../TargetObject.js';

interface Org {
  readonly rows: Rows;
  readonly creates: Creates;
  readonly writers: ObjectWriters;
}

/**
 * A person says that the object with this id in the target is the counterpart of `object`. Links the two if the target
 * shows that it is there, of that type, below the counterparts of the object's own incident, task and parent, and
 * nobody else's counterpart. Writes nothing to the target: the object's next delivery does. Throws `PermanentError`
 * `adopt-refused`.
 */
export async function adoptByHand(
  { rows, creates, writers }: Org,
  given: ParkedObject,
  targetId: number,
  emails: Emails,
  signal: AbortSignal,
): Promise<void> {
  const form =
    given.key.type === EMAIL_TYPE
      ? await mappedFormOf({ ...given, operation: 'upsert' }, emails, { rows, creates })
      : undefined;
  if (given.key.type === EMAIL_TYPE && form === undefined) throw refused(given, targetId, NO_EMAILS);
  const object = form === undefined ? given : { ...given, key: { ...given.key, type: emailType(form) } };
  const { key, taskId } = object;
  const known = await lookUp({ ...object, payload: taskId === undefined ? {} : { task_id: taskId } }, rows);
  const old = known.mapping?.state === 'active' ? known.mapping.target : undefined;
  if (old?.objectId === targetId) return;
  const look = (id: number): Promise<TargetObject | undefined> =>
    isIncident(key)
      ? writers.incidents.get(id, signal)
      : theChild(writers, placeOf(object, known), key.type, id, signal);
  if (old !== undefined && (await look(old.objectId)) !== undefined) {
    throw refused(object, targetId, `its counterpart is ${old.objectId}, which is there`);
  }
  const found = await look(targetId);
  if (found === undefined) {
    const where = known.place === undefined ? 'the organization' : `incident ${known.place.incidentId} of the target`;
    throw refused(object, targetId, `${where} has no ${targetType(key.type)} of that id in its place`);
  }
  const { incidentId, objectId } = found.target;
  if ((await rows.mappedTargets(incidentId, key.type)).has(objectId)) {
    throw refused(object, targetId, 'it is the counterpart of another object already');
  }
  if (isIncident(key) && !creates.claim(objectId, key)) {
    throw refused(object, targetId, 'another incident is about to take it');
  }
  // Everything below the old counterpart is gone with it.
  if (old !== undefined) await rows.forget(key);
  await creates.link(key, {
    target: found.target,
    digests: {},
    ...(found.version === undefined ? {} : { version: found.version }),
    ...(isIncident(key) ? { flags: WITH_ITS_OBJECTS } : {}),
  });
}

/** The incident's objects may be in the target, too: all of them must come, and are looked for there. */
const WITH_ITS_OBJECTS: MappingFlags = { adopted: true, resyncDue: true };

function placeOf({ key }: ParkedObject, { place, taskKey }: Known): Place {
  const first = (what: string) =>
    new PermanentError(`${keyText(key)} cannot be adopted before ${what}, which the mapping does not know.`, {
      code: 'adopt-refused',
    });
  if (place === undefined) throw first(`its incident ${key.incidentId}`);
  if (taskKey !== undefined && place.taskId === undefined) throw first(`its task ${taskKey.objectId}`);
  return place;
}

/** Must have the same parent, if the type knows parents. */
async function theChild(
  writers: ObjectWriters,
  place: Place,
  type: string,
  id: number,
  signal: AbortSignal,
): Promise<TargetObject | undefined> {
  const siblings = await unlessGone(writers.of(type).list(place, type, signal));
  return siblings?.find(
    ({ target, parentId }) =>
      target.objectId === id && (parentId === undefined || (parentId ?? undefined) === place.parentId),
  );
}

function refused({ key }: ParkedObject, targetId: number, why: string): PermanentError {
  const named = keyText({ ...key, type: sourceType(key.type) });
  return new PermanentError(`${named} cannot adopt ${targetType(key.type)} ${targetId} of the target: ${why}.`, {
    code: 'adopt-refused',
  });
}
