import { SoarApiError } from '@soar-feed/soar-client';
import type { SoarClient, TaskDto } from '@soar-feed/soar-client';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import { toBody } from '../../translate/bodies.js';
import { isEmpty } from '../../fields/isEmpty.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import { mergeInto } from './mergeInto.js';
import type { ObjectWriter, TargetVersion, Updated } from './ObjectWriter.js';
import type { OrgBehaviour } from './OrgBehaviour.js';
import { patchFields } from './patchFields.js';
import { currentValue, optionalNumber } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

const STATE = new Set(['status', 'required', 'owner_id', 'due_date', 'phase_id', 'members']);

export class TaskWriter implements ObjectWriter {
  readonly keyIsFixed = false;

  constructor(
    private readonly client: SoarClient,
    private readonly behaviour: OrgBehaviour,
  ) {}

  naturalKey(job: WriteJob): NaturalKey {
    return job.fields.filter((field) => field.name === 'name' || field.name === 'phase_id');
  }

  async create(job: WriteJob): Promise<TargetObject> {
    const { incidentId } = placeOf(job);
    return taskAsTarget(
      await this.client.tasks.create(incidentId, toBody(job.fields), { signal: job.signal }),
      incidentId,
    );
  }

  /** A server may create the task open, whatever the request says. */
  mayNotStick(field: TranslatedField): boolean {
    return STATE.has(field.name);
  }

  async update(job: WriteJob, fields: readonly TranslatedField[], { target }: TargetVersion): Promise<Updated> {
    const changed = fields.map(saidPublic);
    if (this.behaviour.taskPatch) {
      try {
        await patchFields(changed, this.behaviour, (changes) =>
          this.client.tasks.patch(target.objectId, changes, undefined, { signal: job.signal }),
        );
        return {};
      } catch (error) {
        if (!SoarApiError.is(error) || error.status !== 405) throw error;
        this.behaviour.taskPatch = false;
      }
    }
    await this.client.tasks.update(target.objectId, (current) => mergeInto(current, changed), { signal: job.signal });
    return {};
  }

  /** Only custom tasks can be deleted. The platform keeps those that it made itself. */
  async remove(target: TargetRef, _type: string, signal: AbortSignal): Promise<'removed' | 'refused'> {
    try {
      await this.client.tasks.delete(target.objectId, { signal });
      return 'removed';
    } catch (error) {
      // Only a refusal may mean that. A server that is busy wants to be left alone for as long as it said.
      const isRefusal = SoarApiError.is(error) && error.status !== undefined && !error.retryable && !error.unavailable;
      if (!isRefusal || error.status === 404) throw error;
      const task = await this.client.tasks.get(target.objectId, { signal });
      if (task.custom !== false) throw error;
      return 'refused';
    }
  }

  async list({ incidentId }: Place, _type: string, signal: AbortSignal): Promise<readonly TargetObject[]> {
    return (await this.client.tasks.list(incidentId, { signal })).map((dto) => taskAsTarget(dto, incidentId));
  }
}

/**
 * The platform shows a public task as `private: null`. Sent back, null changes nothing, so a private task would stay
 * private.
 */
function saidPublic(field: TranslatedField): TranslatedField {
  return isPrivacy(field) && isEmpty(field.value) ? { ...field, value: false } : field;
}

/** A task that was made public again is shown as `private: false`: as public as null. */
function valueOf(dto: TaskDto, field: TranslatedField): unknown {
  const current = currentValue(dto, field);
  return isPrivacy(field) && isPublic(current) && isPublic(field.value) ? field.value : current;
}

function isPrivacy({ name, prefix }: TranslatedField): boolean {
  return name === 'private' && prefix === undefined;
}

function isPublic(value: unknown): boolean {
  return value === false || isEmpty(value);
}

export function taskAsTarget(dto: TaskDto, incidentId: number): TargetObject {
  return {
    target: { incidentId, objectId: dto.id },
    ...optionalNumber('createdAtMs', dto['init_date']),
    ...optionalNumber('createdBy', dto.creator_principal?.id),
    value: (field) => valueOf(dto, field),
  };
}
