import type { IncidentDto } from '../dto/IncidentDto.js';
import type { OrgState } from '../OrgState.js';
import type { Principal } from '../people/People.js';
import { hipaaFields } from '../schema/builtInFields.js';
import { incidentPerms } from './perms.js';

const assessment =
  '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<assessment>\n    <rollups/>\n' +
  '    <optional>There are 0 required and 0 optional tasks from 0 regulators.</optional>\n</assessment>\n';

/**
 * The body of an incident before the client's values are applied: empty fields, defaults, and what only the server
 * knows.
 */
export function newIncident(org: OrgState, creator: Principal): IncidentDto {
  const { sets } = org.schema;
  const now = org.now();
  const blank = org.writer.blank(org.schema.type('incident'));
  return {
    ...blank,
    id: 0,
    name: '',
    vers: 1,
    plan_status: 'A',
    create_date: now,
    inc_last_modified_date: now,
    inc_start: null,
    creator_id: creator.dto.id,
    creator: creator.user,
    creator_principal: creator.dto,
    phase_id: idOf(sets['phases'], 'Initial'),
    workspace: firstOf(sets['workspaces']),
    org_id: org.options.id,
    org_handle: org.options.id,
    confirmed: false,
    exposure_type_id: idOf(sets['exposureTypes'], 'Unknown'),
    crimestatus_id: idOf(sets['crimeStatuses'], 'No'),
    inc_training: false,
    is_scenario: false,
    draft: false,
    hard_liability: 0,
    exposure: 0,
    admin_id: null,
    jurisdiction_reg_id: null,
    data_compromised: null,
    assessment,
    regulators: { ids: [] },
    cm: { unassigneds: [], total: 0, geo_counts: {} },
    dtm: {},
    hipaa: Object.fromEntries(hipaaFields.map((name) => [name, null])),
    pii: { ...(blank['pii'] as object), harmstatus_id: idOf(sets['harmStatuses'], 'Unknown'), exposure: 0, assessment },
    gdpr: { ...(blank['gdpr'] as object) },
    regulator_risk: { ...(blank['regulator_risk'] as object) },
    properties: { ...(blank['properties'] as object) },
    perms: incidentPerms,
    actions: [],
    playbooks: [],
    tasks: null,
    artifacts: null,
    comments: null,
    task_changes: { added: [], removed: [] },
    timer_field_summarized_incident_data: [],
  } as unknown as IncidentDto;
}

type Options = OrgState['schema']['sets'][string] | undefined;

function idOf(options: Options, label: string): number {
  return Number(options?.find(label)?.value ?? 0);
}

function firstOf(options: Options): number {
  for (const { value } of options?.all() ?? []) return Number(value);
  return 0;
}
