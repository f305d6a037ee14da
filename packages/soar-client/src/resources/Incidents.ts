import type { IncidentDto } from '../model/IncidentDto.js';
import type { PatchChange, PatchStatus } from '../model/PatchDto.js';
import type { QueryCondition, ReturnLevel } from '../model/QueryDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import { anObjectWithId, aPage } from '../rest/due.js';
import { keysetPages } from '../rest/pages.js';
import type { Page } from '../rest/pages.js';
import { patchObject } from '../rest/patchObject.js';
import type { SoarRest } from '../rest/SoarRest.js';
import { updateWithVersion } from '../rest/updateWithVersion.js';

export interface IncidentQuery {
  /** Inclusive. */
  readonly minId?: number | undefined;
  /** Inclusive. */
  readonly maxId?: number | undefined;
  /** All of them must hold. */
  readonly conditions?: readonly QueryCondition[] | undefined;
  /** Default 100, the server's documented maximum; halved where the server refuses it. */
  readonly pageSize?: number | undefined;
  /** Default `full`. */
  readonly returnLevel?: ReturnLevel | undefined;
  /** Told once, with the first page: how many incidents the server counts that the query matches. */
  readonly onCount?: ((incidents: number) => void) | undefined;
}

export class Incidents {
  constructor(private readonly rest: SoarRest) {}

  /** `wantTasks`: the answer carries the tasks that the server made at once. */
  create(body: object, options: WriteOptions & { readonly wantTasks?: boolean } = {}): Promise<IncidentDto> {
    const { wantTasks = false, ...write } = options;
    return this.rest.create('/incidents', body, {
      ...write,
      query: { want_full_data: true, want_tasks: wantTasks },
      due: anObjectWithId,
    });
  }

  get(id: number, options: CallOptions = {}): Promise<IncidentDto> {
    return this.rest.get(`/incidents/${id}`, { ...options, due: anObjectWithId });
  }

  /** The whole object with its current `vers`; throws a `conflict` when that is stale. */
  put(id: number, body: object, options: WriteOptions = {}): Promise<IncidentDto> {
    return this.rest.put(`/incidents/${id}`, body, { ...options, due: anObjectWithId });
  }

  /** Reads, changes and puts with the version just read; again, up to 5 times, when somebody wrote in between. */
  update(
    id: number,
    change: (current: IncidentDto) => object | undefined | Promise<object | undefined>,
    options: WriteOptions = {},
  ): Promise<IncidentDto> {
    return updateWithVersion(
      () => this.get(id, { signal: options.signal }),
      change,
      (body, current) => this.put(id, { ...body, vers: current.vers }, options),
    );
  }

  /** Look at `success` and `field_failures`: an answer is not yet an agreement. Without `version` nothing conflicts. */
  patch(
    id: number,
    changes: readonly PatchChange[],
    version?: number,
    options: WriteOptions = {},
  ): Promise<PatchStatus> {
    return patchObject(this.rest, `/incidents/${id}`, changes, version, options);
  }

  /** Refused by organizations without `incidentDeletionAllowed`. */
  delete(id: number, options: WriteOptions = {}): Promise<void> {
    return this.rest.delete(`/incidents/${id}`, options);
  }

  /** Pages of incidents by ascending id, to the end; closed ones included. */
  pages(query: IncidentQuery = {}, options: CallOptions = {}): AsyncIterable<readonly IncidentDto[]> {
    const { pageSize = 100, returnLevel = 'full', ...range } = query;
    return keysetPages<IncidentDto>(
      (body) =>
        this.rest.query<Page<IncidentDto>>('/incidents/query_paged', body, {
          ...options,
          query: { return_level: returnLevel },
          due: aPage,
        }),
      { ...range, pageSize },
    );
  }
}
