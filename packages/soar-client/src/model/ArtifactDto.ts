import type { AttachmentDto } from './AttachmentDto.js';
import type { PrincipalDto, SoarObject } from './SoarObject.js';

export interface ArtifactDto extends SoarObject {
  readonly id: number;
  readonly type?: unknown;
  readonly value?: string | null;
  readonly description?: unknown;
  readonly parent_id?: number | null;
  readonly inc_id?: number;
  readonly created?: number | null;
  readonly last_modified_time?: number | null;
  readonly creator_principal?: PrincipalDto | null;
  /** `null`: default. */
  readonly relating?: boolean | null;
  /** A file artifact's file; `null` for a value artifact. */
  readonly attachment?: AttachmentDto | null;
  readonly ip?: { readonly source?: boolean | null; readonly destination?: boolean | null } | null;
}
