import { randomUUID } from 'node:crypto';
import type { ParentRef } from '../dto/NoteDto.js';
import type { WriteContext } from '../Journal.js';
import type { OrgState } from '../OrgState.js';
import { found } from '../OrgState.js';
import { invalid, noObject, PlatformError } from '../PlatformError.js';
import type { AttachmentRecord } from '../records.js';
import type { StoredFile } from '../StoredFile.js';
import { resolveParent } from './Notes.js';
import { attachmentView } from './views.js';

/** Attachments of incidents and tasks. Their content never changes; there is no update. */
export class Attachments {
  constructor(private readonly org: OrgState) {}

  create(parent: ParentRef, file: StoredFile, write: WriteContext): AttachmentRecord {
    const { incident, task } = resolveParent(this.org, parent);
    if (this.org.options.attachmentsEnabled === false)
      throw invalid('Attachments are not enabled in this organization.');
    checkSize(file, this.org.behaviour.maxAttachmentMb, this.org.behaviour.tooLargeStatus);
    return this.org.journal.within(write, () => {
      const id = this.org.ids.next('attachment');
      const record: AttachmentRecord = {
        incident,
        task,
        file,
        dto: {
          id,
          uuid: randomUUID(),
          type: task ? 'task' : 'incident',
          name: file.name,
          content_type: file.contentType,
          created: this.org.now(),
          creator_id: write.actor.dto.id,
          size: file.size,
          vers: incident.dto.vers,
          actions: [],
          inc_id: incident.dto.id,
          inc_name: '',
          inc_owner: null,
          task_id: null,
          task_name: null,
          task_custom: null,
          task_members: null,
          task_at_id: null,
        },
      };
      (task ?? incident).attachments.set(id, record);
      this.org.attachments.set(id, record);
      this.org.files.set(id, file);
      this.changed(record, 'created');
      return record;
    });
  }

  remove(id: number, write: WriteContext): void {
    const record = found(this.org.attachments, id);
    this.org.journal.within(write, () => {
      (record.task ?? record.incident).attachments.delete(id);
      this.org.attachments.delete(id);
      this.org.files.delete(id);
      this.changed(record, 'deleted');
    });
  }

  /** The attachment, if it belongs to that parent. */
  at(parent: ParentRef, id: number): AttachmentRecord {
    const place = resolveParent(this.org, parent);
    const record = found(this.org.attachments, id);
    if (record.incident !== place.incident || record.task !== place.task) throw noObject(id);
    return record;
  }

  private changed(record: AttachmentRecord, operation: 'created' | 'deleted'): void {
    const { dto, incident, task } = record;
    this.org.touch(incident);
    const object = () => attachmentView(record);
    this.org.journal.record({ type: 'attachment', operation, id: dto.id, incident, task, object });
  }
}

export function checkSize(file: StoredFile, maxMb: number, status: number): void {
  if (file.size > maxMb * 1024 * 1024)
    throw new PlatformError(status, `The file exceeds the maximum size of ${maxMb} MB.`);
}
