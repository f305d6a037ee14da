import type { ParentRef } from '../dto/NoteDto.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { found } from '../OrgState.js';
import { invalid, noObject } from '../PlatformError.js';
import type { IncidentRecord, NoteRecord, TaskRecord } from '../records.js';
import { allNotes } from './allNotes.js';
import { noteView } from './views.js';

export class Notes {
  constructor(private readonly org: OrgState) {}

  create(parent: ParentRef, text: unknown, parentId: number | null, write: WriteContext): NoteRecord {
    const place = resolveParent(this.org, parent);
    const thread = parentId === null ? null : this.inPlace(place, parentId);
    const content = this.read(text);
    return this.org.journal.within(write, () => {
      const { actor } = write;
      const now = this.org.now();
      const id = this.org.ids.next('note');
      const record: NoteRecord = {
        incident: place.incident,
        task: place.task,
        parent: thread,
        children: new Map(),
        dto: {
          id,
          type: place.task ? 'task' : 'incident',
          parent_id: parentId,
          text: content,
          create_date: now,
          modify_date: now,
          user_id: actor.dto.id,
          user_name: actor.dto.display_name,
          user_fname: actor.user?.fname ?? null,
          user_lname: actor.user?.lname ?? null,
          mentioned_users: [],
          is_deleted: false,
          children: [],
          inc_id: place.incident.dto.id,
          inc_name: '',
          inc_owner: null,
          task_id: null,
          task_name: null,
          task_custom: null,
          task_members: null,
          task_at_id: null,
          modify_user: null,
          modify_principal: actor.dto,
          comment_perms: { update: true, delete: true },
          actions: [],
          playbooks: [],
        },
      };
      this.siblings(record).set(id, record);
      this.org.notes.set(id, record);
      this.changed(record, 'created');
      return record;
    });
  }

  update(id: number, text: unknown, write: WriteContext): NoteRecord {
    const record = found(this.org.notes, id);
    const content = this.read(text);
    return this.org.journal.within(write, () => {
      Object.assign(record.dto, { text: content, modify_date: this.org.now(), modify_principal: write.actor.dto });
      this.changed(record, 'modified');
      return record;
    });
  }

  /** A note with replies stays as an empty place holder (or is removed with them, by the switch). */
  remove(id: number, write: WriteContext): void {
    const record = found(this.org.notes, id);
    this.org.journal.within(write, () => {
      if (record.children.size > 0 && this.org.behaviour.deletedThread === 'blanked') {
        Object.assign(record.dto, { is_deleted: true, text: '', modify_date: this.org.now() });
        this.changed(record, this.org.behaviour.blankedNoteMessage);
        return;
      }
      for (const { dto } of allNotes(record.children)) this.org.notes.delete(dto.id);
      this.org.notes.delete(id);
      this.siblings(record).delete(id);
      this.changed(record, 'deleted');
    });
  }

  /** The note, if it belongs to that parent. */
  at(parent: ParentRef, id: number): NoteRecord {
    return this.inPlace(resolveParent(this.org, parent), id);
  }

  private inPlace(place: Place, id: number): NoteRecord {
    const record = found(this.org.notes, id);
    if (record.incident !== place.incident || record.task !== place.task) throw noObject(id);
    return record;
  }

  private siblings(record: NoteRecord): Map<number, NoteRecord> {
    return record.parent?.children ?? record.task?.notes ?? record.incident.notes;
  }

  private read(text: unknown): string {
    const field = this.org.schema.type('note').fields.get('text');
    const content = field && this.org.reader.richText(field, text ?? '');
    if (typeof content !== 'string' || text === '' || text === undefined || text === null)
      throw invalid('Field text is required.', ['field_defs']);
    return content;
  }

  private changed(record: NoteRecord, operation: 'created' | 'modified' | 'deleted'): void {
    const { dto, incident, task } = record;
    this.org.touch(incident);
    this.org.journal.record({ type: 'note', operation, id: dto.id, incident, task, object: () => noteView(record) });
  }
}

export interface Place {
  readonly incident: IncidentRecord;
  readonly task: TaskRecord | null;
}

export function resolveParent(org: OrgState, parent: ParentRef): Place {
  if ('incidentId' in parent) return { incident: org.incident(parent.incidentId), task: null };
  const task = org.task(parent.taskId);
  return { incident: task.incident, task };
}
