import type { PatchChange, PatchStatus } from '../model/PatchDto.js';
import type { TaskDto } from '../model/TaskDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import { aList, anObjectWithId } from '../rest/due.js';
import { patchObject } from '../rest/patchObject.js';
import type { SoarRest } from '../rest/SoarRest.js';
import { updateWithVersion } from '../rest/updateWithVersion.js';

export class Tasks {
  constructor(private readonly rest: SoarRest) {}

  /** `wantNotes`: every task with its notes and their replies. */
  list(incidentId: number, options: CallOptions & { readonly wantNotes?: boolean } = {}): Promise<TaskDto[]> {
    const { wantNotes = false, ...call } = options;
    return this.rest.get(`/incidents/${incidentId}/tasks`, {
      due: aList,
      ...call,
      query: { want_notes: wantNotes ? true : undefined },
    });
  }

  get(id: number, options: CallOptions = {}): Promise<TaskDto> {
    return this.rest.get(`/tasks/${id}`, { ...options, due: anObjectWithId });
  }

  create(incidentId: number, body: object, options: WriteOptions = {}): Promise<TaskDto> {
    return this.rest.create(`/incidents/${incidentId}/tasks`, body, { ...options, due: anObjectWithId });
  }

  /** Replaces the whole task, `name` included. Tasks carry no version: the last write wins. */
  put(id: number, body: object, options: WriteOptions = {}): Promise<TaskDto> {
    return this.rest.put(`/tasks/${id}`, body, { ...options, due: anObjectWithId });
  }

  /** Reads, changes, puts. */
  update(
    id: number,
    change: (current: TaskDto) => object | undefined | Promise<object | undefined>,
    options: WriteOptions = {},
  ): Promise<TaskDto> {
    return updateWithVersion(
      () => this.get(id, { signal: options.signal }),
      change,
      (body) => this.put(id, body, options),
    );
  }

  /** A server without it answers 405 (`status` of the SoarApiError): then use `put` or `update`. */
  patch(
    id: number,
    changes: readonly PatchChange[],
    version?: number,
    options: WriteOptions = {},
  ): Promise<PatchStatus> {
    return patchObject(this.rest, `/tasks/${id}`, changes, version, options);
  }

  /** Only custom tasks can be deleted; the server refuses the ones it made. */
  delete(id: number, options: WriteOptions = {}): Promise<void> {
    return this.rest.delete(`/tasks/${id}`, options);
  }
}
