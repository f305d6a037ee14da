import type { Bag } from '../org/bag.js';
import type { OrgState } from '../org/OrgState.js';
import { fieldDtos, typeDto } from '../org/schema/schemaDto.js';
import { uuidFrom } from '../org/uuidFrom.js';
import type { RuleEngine } from '../rules/RuleEngine.js';

/** A ConfigurationExportDTO: names instead of ids, and the keys of a 2026 export. */
export function exportOf(org: OrgState, rules: RuleEngine, playbooks: readonly Bag[]): Bag {
  const { schema } = org;
  const labels = (set: string) => Array.from(schema.sets[set]?.all() ?? []);
  return {
    action_order: [],
    actions: rules.list().map((rule) => ({
      automations: [],
      conditions: [],
      enabled: rule.enabled,
      export_key: rule.name,
      id: rule.id,
      logic_type: 'all',
      message_destinations: [rule.destination],
      name: rule.name,
      object_type: rule.objectType,
      tags: [],
      timeout_seconds: 86_400,
      type: rule.kind === 'automatic' ? 0 : 1,
      uuid: rule.uuid,
      view_items: [],
      workflows: [],
    })),
    apps: [],
    automatic_tasks: [],
    export_date: org.now(),
    export_format_version: 2,
    fields: ['incident', 'task', 'artifact', 'actioninvocation', '__function'].flatMap((name) =>
      fieldDtos(schema.type(name)).map((field) => ({ ...field, export_key: `${name}/${String(field['name'])}` })),
    ),
    functions: rules.functions.map(({ id, name, displayName, destination, uuid, inputs }) => ({
      id,
      name,
      display_name: displayName,
      destination_handle: destination,
      description: { format: 'text', content: displayName },
      export_key: name,
      uuid,
      version: 0,
      view_items: inputs.map((input) => ({
        content: fieldDtos(schema.type('__function')).find((field) => field['name'] === input)?.['uuid'],
        element: 'field_uuid',
        field_type: '__function',
        show_if: null,
      })),
      workflows: [],
      tags: [],
    })),
    id: 1,
    incident_artifact_types: Array.from(schema.artifactTypes.all())
      .filter(({ custom }) => custom)
      .map(({ id, name, programmaticName, file, multiAware }) => ({
        id,
        name,
        programmatic_name: programmaticName,
        file,
        multi_aware: multiAware,
        export_key: name,
        uuid: uuidFrom(`artifact_type:${name}`),
      })),
    incident_types: labels('incidentTypes').map(({ value, label, enabled, hidden }) => ({
      id: value,
      name: label,
      enabled,
      hidden,
      parent_id: null,
      export_key: label,
      uuid: uuidFrom(`incident_type:${label}`),
    })),
    layouts: [],
    locale: 'en',
    message_destinations: rules.destinations.all().map(({ name, expectAck, uuid, users, apiKeys }) => ({
      api_keys: apiKeys.flatMap((id) => (org.people.get(id) ? [uuidFrom(`api_key:${id}`)] : [])),
      destination_type: 0,
      expect_ack: expectAck,
      export_key: name,
      name,
      programmatic_name: name,
      tags: [],
      users: users.flatMap((id) => org.people.get(id)?.dto.name ?? []),
      uuid,
    })),
    phases: labels('phases').map(({ value, label }) => ({ id: value, name: label, export_key: label })),
    playbooks: structuredClone(playbooks),
    scripts: [],
    server_version: { major: 47, minor: 0, build_number: 8304, version: '47.0.8304' },
    types: schema.tables().map((table) => ({ ...typeDto(table, []), export_key: table.name })),
    workflows: [],
    workspaces: [],
  };
}
