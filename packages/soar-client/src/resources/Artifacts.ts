import type { ArtifactDto } from '../model/ArtifactDto.js';
import type { CallOptions, WriteOptions } from '../rest/CallOptions.js';
import type { FileContent, FileInput } from '../rest/FileContent.js';
import { aList, anObjectWithId, oneOrMore } from '../rest/due.js';
import type { SoarRest } from '../rest/SoarRest.js';

export class Artifacts {
  constructor(private readonly rest: SoarRest) {}

  list(incidentId: number, options: CallOptions = {}): Promise<ArtifactDto[]> {
    return this.rest.get(`/incidents/${incidentId}/artifacts`, { ...options, due: aList });
  }

  get(incidentId: number, id: number, options: CallOptions = {}): Promise<ArtifactDto> {
    return this.rest.get(`/incidents/${incidentId}/artifacts/${id}`, { ...options, due: anObjectWithId });
  }

  /** A list, as the server may split one value into several artifacts, or merge it into one that stands already. */
  async create(incidentId: number, body: object, options: WriteOptions = {}): Promise<ArtifactDto[]> {
    return oneOrMany(
      await this.rest.create(`/incidents/${incidentId}/artifacts`, body, { ...options, due: oneOrMore }),
    );
  }

  /** An artifact with a file: `body` goes beside it as the part `artifact`. */
  async createFile(
    incidentId: number,
    body: object,
    file: FileInput,
    options: WriteOptions = {},
  ): Promise<ArtifactDto[]> {
    const artifact = { text: JSON.stringify(body), contentType: 'application/json' };
    return oneOrMany(
      await this.rest.upload(
        `/incidents/${incidentId}/artifacts/files`,
        { file, fields: { artifact } },
        { ...options, due: oneOrMore },
      ),
    );
  }

  /** Type and value stay as they were created; description, relating and ip change. */
  update(incidentId: number, id: number, body: object, options: WriteOptions = {}): Promise<ArtifactDto> {
    return this.rest.put(`/incidents/${incidentId}/artifacts/${id}`, body, { ...options, due: anObjectWithId });
  }

  delete(incidentId: number, id: number, options: WriteOptions = {}): Promise<void> {
    return this.rest.delete(`/incidents/${incidentId}/artifacts/${id}`, options);
  }

  /** The file of a file artifact. `size`: what its `attachment` says. */
  content(
    incidentId: number,
    id: number,
    options: CallOptions & { readonly size?: number | undefined } = {},
  ): Promise<FileContent> {
    return this.rest.open(`/incidents/${incidentId}/artifacts/${id}/contents`, options);
  }
}

function oneOrMany(answer: ArtifactDto | ArtifactDto[]): ArtifactDto[] {
  return Array.isArray(answer) ? answer : [answer];
}
