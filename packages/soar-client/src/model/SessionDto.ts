import type { SoarObject } from './SoarObject.js';

/** The answer of `/rest/session`. */
export interface SessionDto extends SoarObject {
  readonly orgs?: readonly SessionOrgDto[] | null;
  /** With an API key: the principal's id. */
  readonly api_key_handle?: number | null;
  readonly display_name?: string | null;
  readonly user_id?: number | null;
  readonly user_email?: string | null;
  readonly csrf_token?: string | null;
  readonly session_ip?: string | null;
}

export interface SessionOrgDto extends SoarObject {
  readonly id: number;
  readonly name: string;
  readonly uuid?: string | null;
  readonly cloud_account?: string | null;
  readonly enabled?: boolean;
  readonly attachments_enabled?: boolean;
  readonly incident_deletion_allowed?: boolean;
  readonly final_phase_required?: boolean;
}
