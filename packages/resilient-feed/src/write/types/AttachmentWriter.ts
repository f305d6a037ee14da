import type { AttachmentDto, SoarClient } from '@soar-feed/soar-client';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import type { ObjectWriter, TargetVersion, Updated } from './ObjectWriter.js';
import type { OrgBehaviour } from './OrgBehaviour.js';
import { plainUploadName } from './plainUploadName.js';
import { SourceFile } from './SourceFile.js';
import { currentValue, idOf, optionalNumber } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

/** Attachments of incidents and tasks: sent once, never changed. */
export class AttachmentWriter implements ObjectWriter {
  readonly keyIsFixed = true;

  constructor(
    private readonly client: SoarClient,
    private readonly behaviour: OrgBehaviour,
  ) {}

  naturalKey({ event, fields }: WriteJob): NaturalKey {
    const { size } = event.payload;
    const name = fields.filter((field) => field.name === 'name').map(withPlainName);
    return typeof size === 'number' ? [...name, { name: 'size', inputType: 'number', value: size }] : name;
  }

  check(job: WriteJob): void {
    SourceFile.check(job.event, this.behaviour.maxAttachmentBytes);
  }

  async create(job: WriteJob): Promise<TargetObject> {
    const place = placeOf(job);
    const { description } = job.event.payload;
    const text = typeof description === 'string' && description !== '' ? description : undefined;
    const made = await new SourceFile(job).send((file) =>
      this.client.attachments.create(parentOf(place), file, text, { signal: job.signal }),
    );
    return asTarget(made, place);
  }

  update(_job: WriteJob, _changed: readonly TranslatedField[], _known: TargetVersion): Promise<Updated> {
    return Promise.resolve({});
  }

  async remove(target: TargetRef, _type: string, signal: AbortSignal): Promise<'removed'> {
    await this.client.attachments.delete(parentOf(target), target.objectId, { signal });
    return 'removed';
  }

  async list(place: Place, _type: string, signal: AbortSignal): Promise<readonly TargetObject[]> {
    return (await this.client.attachments.list(parentOf(place), { signal })).map((dto) => asTarget(dto, place));
  }
}

function withPlainName(field: TranslatedField): TranslatedField {
  return typeof field.value === 'string' ? { ...field, value: plainUploadName(field.value) } : field;
}

function parentOf({ incidentId, taskId }: { readonly incidentId: number; readonly taskId?: number }) {
  return taskId === undefined ? { incidentId } : { taskId };
}

function asTarget(dto: AttachmentDto, { incidentId, taskId }: Place): TargetObject {
  return {
    target: { incidentId, objectId: dto.id, ...(taskId === undefined ? {} : { taskId }) },
    ...optionalNumber('createdAtMs', dto.created),
    ...optionalNumber('createdBy', idOf(dto.creator_id)),
    value: (field) => (field.name === 'name' ? plainUploadName(dto.name) : currentValue(dto, field)),
  };
}
