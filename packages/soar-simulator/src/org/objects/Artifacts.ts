import { randomUUID } from 'node:crypto';
import type { ArtifactDto } from '../dto/ArtifactDto.js';
import { asBag } from '../bag.js';
import type { Bag } from '../bag.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { found } from '../OrgState.js';
import { invalid, noObject } from '../PlatformError.js';
import type { ArtifactRecord, IncidentRecord } from '../records.js';
import type { ArtifactType } from '../schema/ArtifactTypes.js';
import type { StoredFile } from '../StoredFile.js';
import { checkSize } from './Attachments.js';
import { artifactView } from './views.js';

export class Artifacts {
  constructor(private readonly org: OrgState) {}

  /** Returns every artifact that the value stands for, including those that existed before. */
  create(incidentId: number, body: Bag, write: WriteContext): ArtifactRecord[] {
    const incident = this.org.incident(incidentId);
    const type = this.typeOf(body);
    const value = body['value'];
    if (typeof value !== 'string' || value === '') throw invalid('Field value is required.', ['field_defs']);
    const values = type.csv && this.org.behaviour.csvArtifact === 'split' ? splitValues(value) : [value];
    return this.org.journal.within(write, () =>
      values.map((each) => this.add(incident, type, each, body, null, write)),
    );
  }

  createFile(incidentId: number, body: Bag, file: StoredFile, write: WriteContext): ArtifactRecord {
    const incident = this.org.incident(incidentId);
    const type = this.typeOf(body);
    if (!type.file) throw invalid(`The artifact type "${type.name}" does not take a file.`);
    checkSize(file, this.org.behaviour.maxArtifactMb, this.org.behaviour.tooLargeStatus);
    const value = typeof body['value'] === 'string' && body['value'] !== '' ? body['value'] : file.name;
    return this.org.journal.within(write, () => this.add(incident, type, value, body, file, write));
  }

  /**
   * Type and value are read-only after the create (v28 and later): a body that changes them is accepted, but they stay.
   */
  update(id: number, body: Bag, write: WriteContext): ArtifactRecord {
    const record = found(this.org.artifacts, id);
    const staged = this.stage(record.dto, body);
    return this.org.journal.within(write, () => {
      Object.assign(record.dto, staged, { last_modified_time: this.org.now(), last_modified_by: write.actor.dto });
      this.changed(record, 'modified');
      return record;
    });
  }

  remove(id: number, write: WriteContext): void {
    const record = found(this.org.artifacts, id);
    this.org.journal.within(write, () => {
      const { incident, dto } = record;
      incident.artifacts.delete(id);
      this.org.artifacts.delete(id);
      if (dto.attachment) this.org.files.delete(dto.attachment.id);
      if (incident.uniqueArtifacts.get(key(dto.type, dto.value)) === record)
        incident.uniqueArtifacts.delete(key(dto.type, dto.value));
      for (const other of incident.artifacts.values()) if (other.dto.parent_id === id) other.dto.parent_id = null;
      this.changed(record, 'deleted');
    });
  }

  /** The artifact, if it belongs to that incident. */
  at(incidentId: number, id: number): ArtifactRecord {
    const record = found(this.org.artifacts, id);
    if (record.incident.dto.id !== incidentId) throw noObject(id);
    return record;
  }

  private typeOf(body: Bag): ArtifactType {
    const field = this.org.schema.type('artifact').fields.get('type');
    if (body['type'] === undefined || body['type'] === null || !field)
      throw invalid('Field type is required.', ['field_defs']);
    const type = this.org.schema.artifactTypes.get(this.org.reader.read(field, body['type']));
    if (!type) throw invalid('Unknown artifact type.');
    return type;
  }

  private add(
    incident: IncidentRecord,
    type: ArtifactType,
    value: string,
    body: Bag,
    file: StoredFile | null,
    write: WriteContext,
  ): ArtifactRecord {
    const twin = type.allowDuplicate ? undefined : incident.uniqueArtifacts.get(key(type.id, value));
    if (twin && this.org.behaviour.duplicateArtifact === 'refused')
      throw invalid(`An artifact of type "${type.name}" with this value already exists.`);
    if (twin && this.org.behaviour.duplicateArtifact === 'merged') return twin;
    if (incident.artifacts.size >= this.org.behaviour.maxArtifacts)
      throw invalid(`The incident has the maximum of ${this.org.behaviour.maxArtifacts} artifacts.`);
    const { actor } = write;
    const now = this.org.now();
    const parentId = this.parentOf(incident, body['parent_id']);
    const blank = this.org.writer.blank(this.org.schema.type('artifact'));
    const staged = this.stage({ ...blank, relating: null } as unknown as ArtifactDto, body);
    const id = this.org.ids.next('artifact');
    const dto = {
      ...staged,
      id,
      type: type.id,
      value,
      parent_id: parentId,
      inc_id: incident.dto.id,
      created: now,
      last_modified_time: now,
      last_modified_by: actor.dto,
      creator: actor.user,
      creator_principal: actor.dto,
      attachment: file && this.keepFile(incident, file, actor.dto.id),
      hits: [],
      pending_sources: [],
      perms: null,
      properties: null,
      hash: null,
      actions: [],
      playbooks: [],
    } as unknown as ArtifactDto;
    const record: ArtifactRecord = { incident, dto, file };
    keepArtifact(this.org, record);
    this.changed(record, 'created');
    return record;
  }

  private stage(current: ArtifactDto, body: Bag): ArtifactDto {
    return this.org.writer.stage(this.org.schema.type('artifact'), asBag(current), body, 'kept') as ArtifactDto;
  }

  private parentOf(incident: IncidentRecord, sent: unknown): number | null {
    if (sent === undefined || sent === null) return null;
    if (typeof sent !== 'number' || !incident.artifacts.has(sent)) throw invalid('The parent artifact does not exist.');
    return sent;
  }

  private keepFile(incident: IncidentRecord, file: StoredFile, creatorId: number): ArtifactDto['attachment'] {
    const id = this.org.ids.next('attachment');
    this.org.files.set(id, file);
    return {
      id,
      uuid: randomUUID(),
      name: file.name,
      content_type: file.contentType,
      size: file.size,
      created: this.org.now(),
      creator_id: creatorId,
      vers: incident.dto.vers,
      inc_id: incident.dto.id,
      actions: [],
    };
  }

  private changed(record: ArtifactRecord, operation: 'created' | 'modified' | 'deleted'): void {
    const { dto, incident } = record;
    this.org.touch(incident);
    const object = () => artifactView(record);
    this.org.journal.record({ type: 'artifact', operation, id: dto.id, incident, task: null, object });
  }
}

/** Adds an artifact to every index that looks it up. */
export function keepArtifact(org: OrgState, record: ArtifactRecord): void {
  const { incident, dto } = record;
  incident.artifacts.set(dto.id, record);
  org.artifacts.set(dto.id, record);
  if (org.schema.artifactTypes.get(dto.type)?.allowDuplicate === false)
    incident.uniqueArtifacts.set(key(dto.type, dto.value), record);
}

function key(typeId: number, value: string): string {
  return `${typeId}|${value.toLowerCase()}`;
}

function splitValues(value: string): string[] {
  const parts = value.split(/[,\s]+/).filter((part) => part !== '');
  return parts.length === 0 ? [value] : [...new Set(parts)];
}
