import type { MilestoneDto, SoarClient } from '@soar-feed/soar-client';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import { toBody } from '../../translate/bodies.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import type { ObjectWriter, TargetVersion, Updated } from './ObjectWriter.js';
import { currentValue } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

/** Milestones: no version, no author, and perhaps no GET by id (IBM's resilientfeed), so they are listed. */
export class MilestoneWriter implements ObjectWriter {
  readonly keyIsFixed = false;

  constructor(private readonly client: SoarClient) {}

  naturalKey(job: WriteJob): NaturalKey {
    return job.fields.filter((field) => field.name === 'title' || field.name === 'date');
  }

  async create(job: WriteJob): Promise<TargetObject> {
    const { incidentId } = placeOf(job);
    return asTarget(
      await this.client.milestones.create(incidentId, toBody(job.fields), { signal: job.signal }),
      incidentId,
    );
  }

  async update(job: WriteJob, _changed: readonly TranslatedField[], { target }: TargetVersion): Promise<Updated> {
    await this.client.milestones.update(target.incidentId, target.objectId, toBody(job.fields), { signal: job.signal });
    return {};
  }

  async remove(target: TargetRef, _type: string, signal: AbortSignal): Promise<'removed'> {
    await this.client.milestones.delete(target.incidentId, target.objectId, { signal });
    return 'removed';
  }

  async list({ incidentId }: Place, _type: string, signal: AbortSignal): Promise<readonly TargetObject[]> {
    return (await this.client.milestones.list(incidentId, { signal })).map((dto) => asTarget(dto, incidentId));
  }
}

function asTarget(dto: MilestoneDto, incidentId: number): TargetObject {
  return { target: { incidentId, objectId: dto.id }, value: (field) => currentValue(dto, field) };
}
