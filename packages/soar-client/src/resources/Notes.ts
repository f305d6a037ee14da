import type { NoteDto } from '../model/NoteDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import { aList, anObjectWithId } from '../rest/due.js';
import type { SoarRest } from '../rest/SoarRest.js';
import { pathOf } from './ParentRef.js';
import type { ParentRef } from './ParentRef.js';

/** IBM's comments: on an incident or on a task, with replies. */
export class Notes {
  constructor(private readonly rest: SoarRest) {}

  /** Top-level notes, replies nested in `children`. An incident's list does not hold the notes of its tasks. */
  list(parent: ParentRef, options: CallOptions = {}): Promise<NoteDto[]> {
    return this.rest.get(`${pathOf(parent)}/comments`, { ...options, due: aList });
  }

  get(parent: ParentRef, id: number, options: CallOptions = {}): Promise<NoteDto> {
    return this.rest.get(`${pathOf(parent)}/comments/${id}`, { ...options, due: anObjectWithId });
  }

  /** A reply names the note it answers in `parent_id`. */
  create(parent: ParentRef, body: object, options: WriteOptions = {}): Promise<NoteDto> {
    return this.rest.create(`${pathOf(parent)}/comments`, body, { ...options, due: anObjectWithId });
  }

  update(parent: ParentRef, id: number, body: object, options: WriteOptions = {}): Promise<NoteDto> {
    return this.rest.put(`${pathOf(parent)}/comments/${id}`, body, { ...options, due: anObjectWithId });
  }

  /** A note with replies stays as a blank frame (`is_deleted`). */
  delete(parent: ParentRef, id: number, options: WriteOptions = {}): Promise<void> {
    return this.rest.delete(`${pathOf(parent)}/comments/${id}`, options);
  }
}
