import type { WorkspaceDto } from '../model/directory.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

export class Workspaces {
  constructor(private readonly rest: SoarRest) {}

  async all(options: CallOptions = {}): Promise<WorkspaceDto[]> {
    return listOf<WorkspaceDto>(await this.rest.get<object>('/workspaces', { ...options, due: aCollection }));
  }
}
