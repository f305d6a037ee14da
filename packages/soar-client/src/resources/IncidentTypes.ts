import type { IncidentTypeDto } from '../model/directory.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

export class IncidentTypes {
  constructor(private readonly rest: SoarRest) {}

  async all(options: CallOptions = {}): Promise<IncidentTypeDto[]> {
    return listOf<IncidentTypeDto>(await this.rest.get<object>('/incident_types', { ...options, due: aCollection }));
  }
}
