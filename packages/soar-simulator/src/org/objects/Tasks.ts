import { writeJson } from '../../json/writeJson.js';
import type { TaskDto } from '../dto/TaskDto.js';
import { asBag } from '../bag.js';
import type { Bag } from '../bag.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { readPatch } from '../patch.js';
import { invalid, PlatformError } from '../PlatformError.js';
import type { IncidentRecord, TaskRecord } from '../records.js';
import { plain } from '../values/showValue.js';
import type { Format } from '../values/showValue.js';
import { allNotes } from './allNotes.js';
import { taskPerms } from './perms.js';
import { attachmentView, noteView, taskView } from './views.js';

/** What a full PUT keeps although the body omits it. */
const filledByServer = ['phase_id', 'status', 'required', 'private', 'members'];

export class Tasks {
  constructor(private readonly org: OrgState) {}

  create(incidentId: number, body: Bag, write: WriteContext): TaskRecord {
    const incident = this.org.incident(incidentId);
    return this.org.journal.within(write, () => this.add(incident, body, { custom: true, at_id: null }, write));
  }

  createAutomatic(incident: IncidentRecord, templateId: number, body: Bag, write: WriteContext): TaskRecord {
    return this.add(incident, body, { custom: false, at_id: templateId }, write);
  }

  /** A full write; tasks have no version, so the last write wins. */
  put(id: number, body: Bag, write: WriteContext): TaskRecord {
    return this.apply(this.org.task(id), body, this.org.behaviour.fieldsNotSent, write);
  }

  update(id: number, body: Bag, write: WriteContext): TaskRecord {
    return this.apply(this.org.task(id), body, 'kept', write);
  }

  patch(id: number, patch: Bag, write: WriteContext, format: Format = plain): Bag {
    const record = this.org.task(id);
    if (this.org.behaviour.taskPatch === 'refused') throw new PlatformError(405, 'HTTP 405 Method Not Allowed');
    const { status, body } = readPatch(patch, {
      type: this.type,
      current: record.dto,
      version: undefined,
      reader: this.org.reader,
      people: this.org.people,
      format,
      customFieldAs: 'either',
    });
    if (body) this.apply(record, body, 'kept', write);
    return status;
  }

  remove(id: number, write: WriteContext): void {
    const record = this.org.task(id);
    if (!record.dto.custom) throw invalid('Only custom tasks can be deleted.');
    this.org.journal.within(write, () => {
      this.forget(record);
      record.incident.tasks.delete(id);
      this.settlePhase(record.incident);
      this.org.touch(record.incident);
      this.changed(record, 'deleted');
    });
  }

  /** Activates or deactivates an automatic task; does not deactivate a task that people have worked on. */
  activate(record: TaskRecord, active: boolean, write: WriteContext): void {
    const touched = record.dto.status === 'C' || record.notes.size > 0 || record.attachments.size > 0;
    if (record.dto.active === active || (!active && touched)) return;
    this.org.journal.within(write, () => {
      record.dto.active = active;
      this.settlePhase(record.incident);
      this.changed(record, 'modified');
    });
  }

  /**
   * Removes a task and everything below it from the org; the platform sends no messages for its notes and attachments.
   */
  forget(record: TaskRecord): void {
    const { incident } = record;
    const tell = this.org.behaviour.childDeleteMessages;
    const gone = { operation: 'deleted' as const, incident, task: record };
    for (const note of allNotes(record.notes)) {
      const { id } = note.dto;
      this.org.notes.delete(id);
      if (tell) this.org.journal.record({ ...gone, type: 'note', id, object: () => noteView(note) });
    }
    for (const [id, attachment] of record.attachments) {
      this.org.attachments.delete(id);
      this.org.files.delete(id);
      if (tell) this.org.journal.record({ ...gone, type: 'attachment', id, object: () => attachmentView(attachment) });
    }
    this.org.tasks.delete(record.dto.id);
  }

  private get type() {
    return this.org.schema.type('task');
  }

  private add(
    incident: IncidentRecord,
    body: Bag,
    origin: { custom: boolean; at_id: number | null },
    write: WriteContext,
  ): TaskRecord {
    const id = this.org.ids.next('task');
    const now = this.org.now();
    const phase = Number(this.org.schema.sets['phases']?.find('Custom')?.value);
    const blank = {
      ...this.org.writer.blank(this.type),
      status: 'O',
      required: true,
      active: true,
      description: '',
      members: null,
      phase_id: phase,
      init_date: now,
      notes_count: null,
      attachments_count: null,
    } as unknown as TaskDto;
    const dto = {
      ...this.stage(blank, body, 'kept'),
      ...origin,
      id,
      inc_id: incident.dto.id,
      inc_training: false,
      frozen: false,
      auto_deactivate: !origin.custom,
      owner_fname: null,
      owner_lname: null,
      user_notes: null,
      src_name: null,
      form: null,
      perms: taskPerms,
      notes: [],
      actions: [],
      playbooks: [],
      task_layout: [],
      regs: {},
      creator_principal: write.actor.dto,
    } as unknown as TaskDto;
    const record: TaskRecord = { incident, dto, notes: new Map(), attachments: new Map() };
    this.finish(record);
    this.org.tasks.set(id, record);
    incident.tasks.set(id, record);
    this.settlePhase(incident);
    if (origin.custom) this.org.touch(incident);
    this.changed(record, 'created');
    return record;
  }

  private apply(record: TaskRecord, body: Bag, absent: 'kept' | 'cleared', write: WriteContext): TaskRecord {
    return this.org.journal.within(write, () => {
      const staged = this.stage(record.dto, body, absent);
      if (!this.org.behaviour.unchangedWriteFires && writeJson(staged) === writeJson(record.dto)) return record;
      Object.assign(record.dto, staged);
      this.finish(record);
      this.settlePhase(record.incident);
      this.org.touch(record.incident);
      this.changed(record, 'modified');
      return record;
    });
  }

  private stage(current: TaskDto, body: Bag, absent: 'kept' | 'cleared'): TaskDto {
    // `instr_text` is the old name of `instructions` (deprecated in v31).
    const sent = body['instructions'] === undefined ? { ...body, instructions: body['instr_text'] } : body;
    const staged = this.org.writer.stage(this.type, current, sent, absent, filledByServer) as TaskDto;
    if (body['members'] === null || body['private'] === false || this.isPublic(body, staged)) {
      staged.members = null;
      staged.private = (body['private'] as boolean | null | undefined) ?? null;
    }
    this.org.writer.checkRequired(this.type, staged, 'always');
    return staged;
  }

  /** Whether the task was sent with an empty list of members, was not sent as private and was not private before. */
  private isPublic(body: Bag, staged: TaskDto): boolean {
    const { members } = body;
    if (this.org.behaviour.emptyMembers === 'private' || !Array.isArray(members)) return false;
    return members.length === 0 && staged.private !== true;
  }

  /** Sets the values that follow from others. */
  private finish({ dto }: TaskRecord): void {
    dto.instr_text = dto.instructions;
    dto.cat_name = this.type.fields.get('phase_id')?.options.get(dto.phase_id)?.label ?? '';
    dto.private = dto.private === true || dto.members !== null ? true : dto.private;
    if (dto.private === true) dto.members ??= [];
    dto.closed_date = dto.status === 'C' ? (dto.closed_date ?? this.org.now()) : null;
    const owner = this.org.people.get(dto.owner_id)?.user;
    dto['owner_fname'] = owner?.fname ?? null;
    dto['owner_lname'] = owner?.lname ?? null;
  }

  /** The incident's phase is the first phase that still has an open task (server v21 and later). */
  private settlePhase(incident: IncidentRecord): void {
    const phases = Array.from(this.org.schema.sets['phases']?.all() ?? []);
    const open = new Set<unknown>();
    for (const { dto } of incident.tasks.values()) if (dto.active && dto.status === 'O') open.add(dto.phase_id);
    const fallback = incident.tasks.size === 0 ? 'Initial' : 'Complete';
    const phase = phases.find(({ value }) => open.has(value)) ?? phases.find(({ label }) => label === fallback);
    if (phase) incident.dto.phase_id = Number(phase.value);
  }

  private changed(record: TaskRecord, operation: 'created' | 'modified' | 'deleted'): void {
    const { dto, incident } = record;
    this.org.journal.record({
      type: 'task',
      operation,
      id: dto.id,
      incident,
      task: record,
      object: () => asBag(taskView(record)),
      automatic: !dto.custom && operation === 'created',
    });
  }
}
