import type { NoteDto, SoarClient } from '@soar-feed/soar-client';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import { toBody } from '../../translate/bodies.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import type { ObjectWriter, TargetVersion, Updated } from './ObjectWriter.js';
import { currentValue, idOf, optionalNumber } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

/** Notes of incidents and tasks, and their replies. */
export class NoteWriter implements ObjectWriter {
  readonly keyIsFixed = false;

  constructor(private readonly client: SoarClient) {}

  naturalKey(job: WriteJob): NaturalKey {
    return job.fields.filter((field) => field.name === 'text');
  }

  async create(job: WriteJob): Promise<TargetObject> {
    const place = placeOf(job);
    const body = { ...toBody(job.fields), parent_id: place.parentId ?? null };
    return noteAsTarget(await this.client.notes.create(parentOf(place), body, { signal: job.signal }), place);
  }

  async update(job: WriteJob, _changed: readonly TranslatedField[], { target }: TargetVersion): Promise<Updated> {
    const taskId = target.taskId ?? job.place?.taskId;
    const parent = taskId === undefined ? { incidentId: target.incidentId } : { taskId };
    await this.client.notes.update(parent, target.objectId, toBody(job.fields), { signal: job.signal });
    return {};
  }

  /** The platform keeps a note with replies as a blank frame. */
  async remove(target: TargetRef, _type: string, signal: AbortSignal): Promise<'removed'> {
    await this.client.notes.delete(parentOf(target), target.objectId, { signal });
    return 'removed';
  }

  async list(place: Place, _type: string, signal: AbortSignal): Promise<readonly TargetObject[]> {
    return withReplies(await this.client.notes.list(parentOf(place), { signal })).map((dto) =>
      noteAsTarget(dto, place),
    );
  }
}

function parentOf({ incidentId, taskId }: { readonly incidentId: number; readonly taskId?: number }) {
  return taskId === undefined ? { incidentId } : { taskId };
}

function withReplies(notes: readonly NoteDto[]): NoteDto[] {
  return notes.flatMap((note) => [note, ...withReplies(note.children ?? [])]);
}

export function noteAsTarget(dto: NoteDto, { incidentId, taskId }: Place): TargetObject {
  return {
    target: { incidentId, objectId: dto.id, ...(taskId === undefined ? {} : { taskId }) },
    parentId: dto.parent_id ?? null,
    ...optionalNumber('createdAtMs', dto.create_date),
    ...optionalNumber('createdBy', idOf(dto.user_id)),
    value: (field) => currentValue(dto, field),
  };
}
