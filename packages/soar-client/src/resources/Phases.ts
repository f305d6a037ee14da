import type { PhaseDto } from '../model/directory.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

export class Phases {
  constructor(private readonly rest: SoarRest) {}

  async all(options: CallOptions = {}): Promise<PhaseDto[]> {
    return listOf<PhaseDto>(await this.rest.get<object>('/phases', { ...options, due: aCollection }));
  }
}
