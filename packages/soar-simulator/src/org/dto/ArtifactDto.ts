import type { Handle, PrincipalDto, RichText, UserDto } from './common.js';

export interface ArtifactDto {
  id: number;
  type: number;
  value: string;
  description: string | null;
  parent_id: number | null;
  inc_id: number;
  inc_name: string;
  inc_owner: number | null;
  created: number;
  last_modified_time: number;
  last_modified_by: PrincipalDto;
  creator: UserDto | null;
  creator_principal: PrincipalDto;
  attachment: ArtifactFileDto | null;
  relating: boolean | null;
  ip: { source: boolean | null; destination: boolean | null };
  [field: string]: unknown;
}

export interface ArtifactFileDto {
  id: number;
  uuid: string;
  name: string;
  content_type: string;
  size: number;
  created: number;
  creator_id: number;
  vers: number;
  inc_id: number;
  [field: string]: unknown;
}

export interface ArtifactInput extends ArtifactChanges {
  type: Handle;
  /** Default for a file artifact: the file's name. */
  value?: string;
  parent_id?: number | null;
}

/** What may change after the create; type and value may not. */
export interface ArtifactChanges {
  description?: RichText | null;
  relating?: boolean | null;
  ip?: { source?: boolean | null; destination?: boolean | null };
  [field: string]: unknown;
}
