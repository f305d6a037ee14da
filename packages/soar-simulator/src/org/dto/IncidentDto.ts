import type { Handle, PrincipalDto, RichText, UserDto } from './common.js';

/** An incident as a plain GET returns it: selects are option ids, text areas are strings, dates are ms. */
export interface IncidentDto {
  id: number;
  name: string;
  description: string | null;
  plan_status: 'A' | 'C';
  discovered_date: number;
  create_date: number;
  end_date: number | null;
  start_date: number | null;
  due_date: number | null;
  inc_last_modified_date: number;
  owner_id: number | null;
  creator_id: number;
  creator: UserDto | null;
  creator_principal: PrincipalDto;
  members: number[];
  severity_code: number | null;
  incident_type_ids: number[];
  phase_id: number;
  workspace: number;
  org_id: number;
  org_handle: number;
  vers: number;
  resolution_id: number | null;
  resolution_summary: string | null;
  sequence_code: string;
  properties: Record<string, unknown>;
  pii: Record<string, unknown>;
  gdpr: Record<string, unknown>;
  hipaa: Record<string, unknown>;
  regulator_risk: Record<string, unknown>;
  /** Everything else that a real body contains. */
  [field: string]: unknown;
}

/** Body of a create: `name`, `discovered_date` and what else the org's schema requires. */
export interface IncidentInput extends IncidentChanges {
  name: string;
  discovered_date: number;
}

export interface IncidentChanges {
  name?: string;
  discovered_date?: number;
  description?: RichText | null;
  plan_status?: 'A' | 'C';
  start_date?: number | null;
  owner_id?: Handle | null;
  members?: Handle[];
  severity_code?: Handle | null;
  incident_type_ids?: Handle[];
  workspace?: Handle;
  resolution_id?: Handle | null;
  resolution_summary?: RichText | null;
  /** Custom fields. Only the named ones are changed. */
  properties?: Record<string, unknown>;
  pii?: Record<string, unknown>;
  gdpr?: Record<string, unknown>;
  hipaa?: Record<string, unknown>;
  regulator_risk?: Record<string, unknown>;
  [field: string]: unknown;
}
