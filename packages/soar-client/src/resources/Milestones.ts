import type { MilestoneDto } from '../model/MilestoneDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import { aList, anObjectWithId } from '../rest/due.js';
import type { SoarRest } from '../rest/SoarRest.js';

export class Milestones {
  constructor(private readonly rest: SoarRest) {}

  list(incidentId: number, options: CallOptions = {}): Promise<MilestoneDto[]> {
    return this.rest.get(`/incidents/${incidentId}/milestones`, { ...options, due: aList });
  }

  /** IBM says that a server may not know this call (unconfirmed): then find the milestone in `list`. */
  get(incidentId: number, id: number, options: CallOptions = {}): Promise<MilestoneDto> {
    return this.rest.get(`/incidents/${incidentId}/milestones/${id}`, { ...options, due: anObjectWithId });
  }

  create(incidentId: number, body: object, options: WriteOptions = {}): Promise<MilestoneDto> {
    return this.rest.create(`/incidents/${incidentId}/milestones`, body, { ...options, due: anObjectWithId });
  }

  update(incidentId: number, id: number, body: object, options: WriteOptions = {}): Promise<MilestoneDto> {
    return this.rest.put(`/incidents/${incidentId}/milestones/${id}`, body, { ...options, due: anObjectWithId });
  }

  delete(incidentId: number, id: number, options: WriteOptions = {}): Promise<void> {
    return this.rest.delete(`/incidents/${incidentId}/milestones/${id}`, options);
  }
}
