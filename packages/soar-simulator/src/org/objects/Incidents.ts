import { writeJson } from '../../json/writeJson.js';
import type { IncidentDto } from '../dto/IncidentDto.js';
import { asBag } from '../bag.js';
import type { Bag } from '../bag.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { readPatch } from '../patch.js';
import type { PatchOutcome } from '../patch.js';
import { invalid, PlatformError, staleVersion } from '../PlatformError.js';
import { emptyIncident } from '../records.js';
import type { IncidentRecord } from '../records.js';
import { hipaaFields } from '../schema/builtInFields.js';
import { plain } from '../values/showValue.js';
import type { Format } from '../values/showValue.js';
import { allNotes } from './allNotes.js';
import type { AutoTasks } from './AutoTasks.js';
import { childDeletes } from './childDeletes.js';
import { newIncident } from './newIncident.js';
import type { Tasks } from './Tasks.js';

/** What a full PUT keeps although the body omits it: the server fills these itself. */
const filledByServer = ['workspace', 'plan_status'];

export class Incidents {
  constructor(
    private readonly org: OrgState,
    private readonly tasks: Tasks,
    private readonly autoTasks: AutoTasks,
  ) {}

  create(body: Bag, write: WriteContext): IncidentRecord {
    return this.org.journal.within(write, () => {
      const blank = newIncident(this.org, write.actor);
      const staged = this.stage(blank, body, 'kept');
      const types = staged.incident_type_ids;
      if (staged.plan_status === 'C') {
        this.org.writer.checkRequired(this.type, staged, 'close');
        if (this.org.options.finalPhaseRequired && this.autoTasks.required(types)) throw openTasks();
        staged.end_date = this.org.now();
      }
      const id = this.org.ids.next('incident');
      const code = (0xc800 + this.org.options.id).toString(16).toUpperCase();
      const dto = Object.assign(staged, { id, sequence_code: `${code}-${id}` });
      const record = emptyIncident(dto);
      this.org.incidents.set(id, record);
      this.changed(record, 'created');
      this.autoTasks.typesChanged(record, [], write);
      return record;
    });
  }

  /** A full write at the version the client read. */
  put(id: number, body: Bag, write: WriteContext): IncidentRecord {
    const record = this.org.incident(id);
    if (body['vers'] !== record.dto.vers) throw staleVersion();
    return this.apply(record, body, this.org.behaviour.fieldsNotSent, write);
  }

  /** Changes only the fields that the body names, at any version. */
  update(id: number, body: Bag, write: WriteContext): IncidentRecord {
    return this.apply(this.org.incident(id), body, 'kept', write);
  }

  patch(id: number, patch: Bag, write: WriteContext, format: Format = plain): PatchOutcome['status'] {
    const record = this.org.incident(id);
    const { status, body } = readPatch(patch, {
      type: this.type,
      current: record.dto,
      version: record.dto.vers,
      reader: this.org.reader,
      people: this.org.people,
      format,
      customFieldAs: this.org.behaviour.patchCustomFieldAs,
    });
    if (body) this.apply(record, body, 'kept', write);
    return status;
  }

  remove(id: number, write: WriteContext): void {
    const record = this.org.incident(id);
    if (this.org.options.incidentDeletionAllowed === false)
      throw new PlatformError(403, 'Deleting incidents is not allowed in this organization.');
    this.org.journal.within(write, () => {
      this.forget(record);
      this.changed(record, 'deleted');
    });
  }

  /** Takes it away with everything below it. */
  forget(record: IncidentRecord): void {
    for (const task of [...record.tasks.values()]) this.tasks.forget(task);
    this.forgetChildren(record);
    this.org.incidents.delete(record.dto.id);
  }

  private get type() {
    return this.org.schema.type('incident');
  }

  private apply(record: IncidentRecord, body: Bag, absent: 'kept' | 'cleared', write: WriteContext): IncidentRecord {
    return this.org.journal.within(write, () => {
      const { dto } = record;
      const staged = this.stage(dto, body, absent);
      if (!this.org.behaviour.unchangedWriteFires && writeJson(staged) === writeJson(dto)) return record;
      const closes = dto.plan_status !== 'C' && staged.plan_status === 'C';
      if (closes) this.checkClose(record, staged);
      if (closes) staged.end_date = this.org.now();
      if (staged.plan_status === 'A') staged.end_date = null;
      const before = dto.incident_type_ids;
      Object.assign(dto, staged, { vers: dto.vers + 1, inc_last_modified_date: this.org.now() });
      this.changed(record, 'modified');
      this.autoTasks.typesChanged(record, before, write);
      return record;
    });
  }

  private stage(current: IncidentDto, body: Bag, absent: 'kept' | 'cleared'): IncidentDto {
    const staged = this.org.writer.stage(this.type, current, body, absent, filledByServer) as IncidentDto;
    staged.hipaa = { ...current.hipaa };
    for (const name of hipaaFields) {
      const sent = asBag(body['hipaa'])[name];
      if (sent !== undefined) staged.hipaa[name] = sent;
    }
    if (body['draft'] !== undefined) staged['draft'] = body['draft'];
    this.org.writer.checkRequired(this.type, staged, 'always');
    return staged;
  }

  private checkClose(record: IncidentRecord, staged: IncidentDto): void {
    this.org.writer.checkRequired(this.type, staged, 'close');
    if (!this.org.options.finalPhaseRequired) return;
    for (const { dto } of record.tasks.values())
      if (dto.required && dto.active && dto.status === 'O') throw openTasks();
  }

  private forgetChildren(record: IncidentRecord): void {
    const tell = this.org.behaviour.childDeleteMessages;
    for (const { dto } of allNotes(record.notes)) this.org.notes.delete(dto.id);
    for (const kind of ['artifacts', 'attachments', 'milestones', 'emails', 'rows'] as const)
      for (const id of record[kind].keys()) this.org[kind].delete(id);
    for (const { dto } of record.artifacts.values()) if (dto.attachment) this.org.files.delete(dto.attachment.id);
    for (const id of record.attachments.keys()) this.org.files.delete(id);
    if (tell) for (const change of childDeletes(record)) this.org.journal.record(change);
  }

  private changed(incident: IncidentRecord, operation: 'created' | 'modified' | 'deleted'): void {
    const { id } = incident.dto;
    const object = () => incident.dto;
    this.org.journal.record({ type: 'incident', operation, id, incident, task: null, object });
  }
}

function openTasks(): Error {
  return invalid('The incident cannot be closed while required tasks are open.');
}
