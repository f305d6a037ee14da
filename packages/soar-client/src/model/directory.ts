import type { SoarObject } from './SoarObject.js';

/** People and lists of an organization: small objects that are read whole and looked up by name. */
export interface UserDto extends SoarObject {
  readonly id: number;
  readonly email?: string | null;
  readonly fname?: string | null;
  readonly lname?: string | null;
  readonly display_name?: string | null;
  readonly status?: string | null;
}

export interface GroupDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly export_key?: string;
}

export interface WorkspaceDto extends SoarObject {
  readonly id: number;
  readonly display_name?: string;
}

export interface ArtifactTypeDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly programmatic_name?: string;
  /** `true`: its artifacts hold a file. */
  readonly file?: boolean;
  /** A value is split at commas and blanks (the fields of the type `__artifacttype`, IBM SOAR samples). */
  readonly parse_as_csv?: boolean;
  readonly multi_aware?: boolean;
  readonly enabled?: boolean;
  readonly system?: boolean;
}

export interface IncidentTypeDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly parent_id?: number | null;
  readonly enabled?: boolean;
  readonly hidden?: boolean;
}

export interface PhaseDto extends SoarObject {
  readonly id: number;
  readonly name: string;
}

export interface MessageDestinationDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly programmatic_name: string;
  /** 0 queue, 1 topic. */
  readonly destination_type?: number;
  readonly expect_ack?: boolean;
  /** Only the principals listed here may read the queue. */
  readonly users?: readonly number[];
  readonly api_keys?: readonly number[];
}
