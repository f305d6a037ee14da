import type { TargetRecord } from '@soar-feed/core';
import { isEmailType, sourceType, targetType } from '../fields/emailTypes.js';
import type { FoundRow } from '../mapping/MappingReader.js';
import type { MappingFlags } from '../mapping/MappingFlags.js';

const MARKS: Readonly<Partial<Record<keyof MappingFlags, string>>> = {
  replica: 'came from this target',
  frozen: 'stopped matching, left as it was',
  closeDue: 'to be closed',
  adopted: 'found again',
  deleteDue: 'to be deleted',
  gone: 'objects were deleted in the target',
  resyncDue: 'to be loaded whole',
  blankAfter: 'to be deleted after its replies',
  recheck: 'to be compared',
  blanked: 'kept as the frame of its replies',
};

/** A row of the mapping for people. */
export function toRecord({ mapping, writtenAtMs }: FoundRow): TargetRecord {
  const { source, state, target, flags, verified } = mapping;
  const marks = Object.keys(flags).map((name) => MARKS[name as keyof MappingFlags] ?? name);
  return {
    key: { ...source, type: sourceType(source.type) },
    state,
    ...(target === undefined
      ? {}
      : {
          ref: [target.objectId, ...(target.extraIds ?? [])].join('+'),
          refIncident: String(target.incidentId),
        }),
    ...(writtenAtMs === undefined ? {} : { writtenAtMs }),
    marks: [
      ...(isEmailType(source.type) ? [`as ${targetType(source.type)}`] : []),
      ...marks,
      ...(state === 'active' && !verified ? ['not verified since IBM’s feed'] : []),
    ],
  };
}
