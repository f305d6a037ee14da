import type { GroupDto } from '../model/directory.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

export class Groups {
  constructor(private readonly rest: SoarRest) {}

  async all(options: CallOptions = {}): Promise<GroupDto[]> {
    return listOf<GroupDto>(await this.rest.get<object>('/groups', { ...options, due: aCollection }));
  }
}
