import type { SoarObject } from '../../contract/FeedEvent.js';
import { ownUuid } from '../ownUuid.js';
import type { Piece } from '../Piece.js';
import { fieldPiece } from './fieldPiece.js';
import { FUNCTION, viewItem } from './functionPieces.js';
import { playbookXml } from './playbookXml.js';

const NAME = 'data_feeder_sync_incidents_pb';
const LABEL = `${FUNCTION.label} (PB)`;

/** The form that an analyst fills in. */
const FORM = [
  { name: 'minimum_incident_id', label: 'Minimum incident id', inputType: 'number' },
  { name: 'maximum_incident_id', label: 'Maximum incident id', inputType: 'number' },
  { name: 'query_api_method', label: 'Query API method', inputType: 'boolean' },
] as const;

/** Writes the result into the incident, as IBM's does; that note is fed like any other. */
const SCRIPT = `result = playbook.functions.results.sync_incident_results
if result.get("success"):
  asked = result.get("inputs", {})
  count = result.get("content", {}).get("num_of_sync_incidents")
  lines = [
    "Data Feeder Sync",
    "Min: {} Max: {}".format(asked.get("df_min_incident_id"), asked.get("df_max_incident_id")),
    "Incidents Sync'd: {}".format(count),
  ]
else:
  lines = ["Data Feeder Sync failed: {}".format(result.get("reason"))]
incident.addNote("\\n".join(lines))
`;

/**
 * The manual playbook that calls the function (the form of a 2026 export). The organization may hold the function under
 * a uuid of IBM's package: `functionUuid` is the one it has.
 */
export function playbookPiece(functionUuid: string): Piece {
  const uuid = ownUuid(`playbook/${NAME}`);
  const handle = `playbook_${uuid.replaceAll('-', '_')}`;
  const scriptUuid = ownUuid(`playbook/${NAME}/script`);
  const fields = FORM.map((wish): SoarObject => {
    const { entry } = fieldPiece({ ...wish, type: handle, required: 'always' });
    return { ...entry, type_id: 1000 };
  });
  const xml = playbookXml({ handle, functionUuid, functionLabel: FUNCTION.label, scriptUuid, scriptName: SCRIPT_NAME });
  return {
    kind: 'playbook',
    name: LABEL,
    list: 'playbooks',
    entry: {
      activation_type: 'manual',
      content: { content_version: 1, xml },
      deployment_id: handle,
      description: { format: 'text', content: 'Loads a range of incidents, with all their objects, into every feed.' },
      display_name: LABEL,
      export_key: NAME,
      field_type_handle: handle,
      fields_type: formType(handle, fields),
      has_logical_errors: false,
      is_deleted: false,
      is_locked: false,
      local_scripts: [localScript(scriptUuid)],
      manual_settings: {
        activation_conditions: { conditions: [], logic_type: 'all' },
        view_items: fields.map((field) => viewItem(String(field['uuid']), handle)),
      },
      name: NAME,
      object_type: 'incident',
      status: 'enabled',
      tag: { display_name: `Playbook_${uuid}`, name: handle, type: 'playbook', uuid: ownUuid(`playbook/${NAME}/tag`) },
      tags: [],
      type: 'default',
      uuid,
      version: 1,
    },
    decisive: ['activation_type', 'display_name', 'status'],
  };
}

const SCRIPT_NAME = 'process sync_incident results';

function localScript(uuid: string): SoarObject {
  return {
    actions: [],
    description: '',
    enabled: false,
    export_key: SCRIPT_NAME,
    language: 'python3',
    name: SCRIPT_NAME,
    object_type: 'incident',
    playbook_handle: NAME,
    programmatic_name: `${NAME}_process_sync_incident_results`,
    script_text: SCRIPT,
    tags: [],
    uuid,
  };
}

function formType(handle: string, fields: readonly SoarObject[]): SoarObject {
  return {
    actions: [],
    display_name: LABEL,
    export_key: handle,
    fields: Object.fromEntries(fields.map((field) => [String(field['name']), field])),
    for_actions: false,
    for_custom_fields: false,
    for_notifications: false,
    for_workflows: false,
    id: null,
    parent_types: ['__playbook'],
    properties: { can_create: false, can_destroy: false, for_who: [] },
    scripts: [],
    tags: [],
    type_id: 28,
    type_name: handle,
    uuid: ownUuid(`playbook/${NAME}/form`),
  };
}
