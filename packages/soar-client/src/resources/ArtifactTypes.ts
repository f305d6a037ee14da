import type { ArtifactTypeDto } from '../model/directory.js';
import type { CallOptions } from '../rest/CallOptions.js';
import { aCollection } from '../rest/due.js';
import { listOf } from '../rest/listOf.js';
import type { SoarRest } from '../rest/SoarRest.js';

/** The types an artifact may have, custom ones included. */
export class ArtifactTypes {
  constructor(private readonly rest: SoarRest) {}

  async all(options: CallOptions = {}): Promise<ArtifactTypeDto[]> {
    return listOf<ArtifactTypeDto>(await this.rest.get<object>('/artifact_types', { ...options, due: aCollection }));
  }
}
