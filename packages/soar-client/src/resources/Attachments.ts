import type { AttachmentDto } from '../model/AttachmentDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import type { FileContent, FileInput } from '../rest/FileContent.js';
import { aList, anObjectWithId, attachmentList } from '../rest/due.js';
import type { SoarRest } from '../rest/SoarRest.js';
import { pathOf } from './ParentRef.js';
import type { ParentRef } from './ParentRef.js';

/** Files on an incident or on a task. Their content never changes. */
export class Attachments {
  constructor(private readonly rest: SoarRest) {}

  list(parent: ParentRef, options: CallOptions = {}): Promise<AttachmentDto[]> {
    return this.rest.get(`${pathOf(parent)}/attachments`, { ...options, due: aList });
  }

  /** The incident's own and those of all its tasks, in one request. */
  async listWithTasks(incidentId: number, options: CallOptions = {}): Promise<AttachmentDto[]> {
    const answer = await this.rest.query<{ attachments?: AttachmentDto[] | null }>(
      `/incidents/${incidentId}/attachments/query`,
      null,
      { ...options, query: { include_tasks: true }, due: attachmentList },
    );
    return answer.attachments ?? [];
  }

  get(parent: ParentRef, id: number, options: CallOptions = {}): Promise<AttachmentDto> {
    return this.rest.get(`${pathOf(parent)}/attachments/${id}`, { ...options, due: anObjectWithId });
  }

  create(parent: ParentRef, file: FileInput, description?: string, options: WriteOptions = {}): Promise<AttachmentDto> {
    const fields = description === undefined ? {} : { description: { text: description } };
    return this.rest.upload(`${pathOf(parent)}/attachments`, { file, fields }, { ...options, due: anObjectWithId });
  }

  delete(parent: ParentRef, id: number, options: WriteOptions = {}): Promise<void> {
    return this.rest.delete(`${pathOf(parent)}/attachments/${id}`, options);
  }

  /** `size`: what the attachment's DTO says; with it a gateway's page is told from the contents. */
  content(
    parent: ParentRef,
    id: number,
    options: CallOptions & { readonly size?: number | undefined } = {},
  ): Promise<FileContent> {
    return this.rest.open(`${pathOf(parent)}/attachments/${id}/contents`, options);
  }
}
