import { PermanentError } from '@soar-feed/core';
import { SoarApiError } from '@soar-feed/soar-client';
import type { ArtifactDto, SoarClient } from '@soar-feed/soar-client';
import type { NaturalKey } from '../../mapping/Intent.js';
import type { TargetRef } from '../../mapping/Mapping.js';
import type { Place } from '../../mapping/Place.js';
import { toBody } from '../../translate/bodies.js';
import { equalValues } from '../../translate/normalise.js';
import type { TargetCatalog } from '../../translate/TargetCatalog.js';
import type { TranslatedField } from '../../fields/TranslatedField.js';
import type { ObjectWriter, TargetVersion, Updated } from './ObjectWriter.js';
import type { OrgBehaviour } from './OrgBehaviour.js';
import { SourceFile } from './SourceFile.js';
import { currentValue, idOf, optionalNumber } from '../TargetObject.js';
import type { TargetObject } from '../TargetObject.js';
import { placeOf } from '../WriteJob.js';
import type { WriteJob } from '../WriteJob.js';

const FILE_PART = new Set(['description', 'relating', 'source', 'destination']);

/**
 * Artifacts with a value or a file. Type and value never change. The platform may split a value into several artifacts,
 * and merge an equal one into an existing one (both unconfirmed).
 */
export class ArtifactWriter implements ObjectWriter {
  readonly keyIsFixed = true;

  constructor(
    private readonly client: SoarClient,
    private readonly behaviour: OrgBehaviour,
    private readonly catalog: TargetCatalog,
  ) {}

  /** The type by its id, as it is read: the name of a custom one may not be known when its create is looked for. */
  naturalKey(job: WriteJob): NaturalKey {
    const fields = job.fields.filter((field) => field.name === 'type' || field.name === 'value');
    return fields.map((field) => {
      const id = field.name === 'type' ? this.idOfType(field.value) : undefined;
      return id === undefined ? field : { ...field, value: id };
    });
  }

  check(job: WriteJob): void {
    if (hasFile(job)) SourceFile.check(job.event, this.behaviour.maxArtifactBytes);
  }

  async create(job: WriteJob): Promise<TargetObject> {
    const place = placeOf(job);
    const body = { ...toBody(job.fields), ...(place.parentId === undefined ? {} : { parent_id: place.parentId }) };
    const made = hasFile(job) ? await this.createFile(job, place, body) : await this.createValue(job, place, body);
    const [first, ...others] = this.bestFirst(made, job, place);
    if (first === undefined)
      throw new PermanentError('The server made no artifact and has none of that value.', {
        code: 'artifact-not-made',
      });
    const extraIds = others.map(({ target }) => target.objectId);
    return extraIds.length === 0 ? first : { ...first, target: { ...first.target, extraIds } };
  }

  /** The multipart form may ignore fields other than type and value (IBM's client sends only the description). */
  mayNotStick(field: TranslatedField, job: WriteJob): boolean {
    return hasFile(job) && FILE_PART.has(field.name);
  }

  async update(job: WriteJob, _changed: readonly TranslatedField[], { target }: TargetVersion): Promise<Updated> {
    for (const id of [target.objectId, ...(target.extraIds ?? [])]) {
      await this.client.artifacts.update(target.incidentId, id, toBody(job.fields), { signal: job.signal });
    }
    return {};
  }

  async remove(target: TargetRef, _type: string, signal: AbortSignal): Promise<'removed'> {
    await this.client.artifacts.delete(target.incidentId, target.objectId, { signal });
    return 'removed';
  }

  async list(place: Place, _type: string, signal: AbortSignal): Promise<readonly TargetObject[]> {
    return (await this.client.artifacts.list(place.incidentId, { signal })).map((dto) => this.asTarget(dto, place));
  }

  private async createFile(job: WriteJob, place: Place, body: object): Promise<readonly ArtifactDto[]> {
    return new SourceFile(job).send((file) =>
      this.client.artifacts.createFile(place.incidentId, body, file, { signal: job.signal }),
    );
  }

  /** If the server refuses an equal artifact instead of merging it, the existing one is ours, too. */
  private async createValue(job: WriteJob, place: Place, body: object): Promise<readonly ArtifactDto[]> {
    try {
      const made = await this.client.artifacts.create(place.incidentId, body, { signal: job.signal });
      return made.length > 0 ? made : await this.equals(job, place);
    } catch (error) {
      if (!SoarApiError.is(error) || (error.status !== 400 && error.status !== 409)) throw error;
      const equal = await this.equals(job, place);
      if (equal.length === 0) throw error;
      return equal;
    }
  }

  private async equals(job: WriteJob, place: Place): Promise<readonly ArtifactDto[]> {
    const all = await this.client.artifacts.list(place.incidentId, { signal: job.signal });
    return all.filter((dto) => this.isEqual(dto, job, place)).slice(0, 1);
  }

  private bestFirst(made: readonly ArtifactDto[], job: WriteJob, place: Place): readonly TargetObject[] {
    const best = made.findIndex((dto) => this.isEqual(dto, job, place));
    const ordered = best <= 0 ? made : [...made.slice(best), ...made.slice(0, best)];
    return ordered.map((dto) => this.asTarget(dto, place));
  }

  private isEqual(dto: ArtifactDto, job: WriteJob, place: Place): boolean {
    const { value } = this.asTarget(dto, place);
    return this.naturalKey(job).every((field) => equalValues(field, value(field), field.value));
  }

  asTarget(dto: ArtifactDto, { incidentId }: Place): TargetObject {
    return {
      target: { incidentId, objectId: dto.id },
      parentId: dto.parent_id ?? null,
      ...optionalNumber('createdAtMs', dto.created),
      ...optionalNumber('createdBy', dto.creator_principal?.id),
      value: (field) => this.valueOf(dto, field),
    };
  }

  /** A custom type is written by its programmatic name, but read as an id. */
  private valueOf(dto: ArtifactDto, field: TranslatedField): unknown {
    const value = currentValue(dto, field);
    if (field.name !== 'type' || typeof field.value === 'number') return value;
    const wanted = this.idOfType(field.value);
    return wanted !== undefined && wanted === idOf(value) ? field.value : value;
  }

  private idOfType(handle: unknown): number | undefined {
    const name = nameOf(handle);
    return name === undefined ? undefined : this.catalog.artifactType(name)?.id;
  }
}

function hasFile(job: WriteJob): boolean {
  const { attachment } = job.event.payload;
  return attachment !== null && attachment !== undefined;
}

function nameOf(handle: unknown): string | undefined {
  if (typeof handle === 'string') return handle;
  return typeof handle === 'object' && handle !== null && 'name' in handle ? String(handle.name) : undefined;
}
