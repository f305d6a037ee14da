import { asBag } from '../../org/bag.js';
import type { Bag } from '../../org/bag.js';
import { noObject, staleVersion } from '../../org/PlatformError.js';
import { pageOf } from '../../org/query/pageOf.js';
import { feedFunction, feedMenuRule } from '../../org/schema/feedPackage.js';
import type { Option } from '../../org/schema/OptionSet.js';
import { uuidFrom } from '../../org/uuidFrom.js';
import { destinationDto } from '../../rules/Destinations.js';
import type { RuleInfo } from '../../rules/RuleInfo.js';
import type { Call } from '../Call.js';
import type { OrgRoutes } from '../OrgRoutes.js';

/** The org itself, its people, its lists, its destinations, rules and functions. */
export function orgRoutes(routes: OrgRoutes): void {
  routes.get('', (call) => orgBody(call));

  routes.get('/users', (call) => users(call));
  routes.post('/users/query_paged', (call) => {
    const partial = call.query('return_level') === 'partial';
    const page = pageOf(users(call), call.body, call.state.behaviour.maxPageSize);
    return partial ? { ...page, data: page.data.map(partialUser) } : page;
  });
  routes.get('/groups', (call) => groups(call));
  routes.post('/groups/query_paged', (call) => pageOf(groups(call), call.body, call.state.behaviour.maxPageSize));

  routes.get('/workspaces', (call) => ({
    entities: options(call, 'workspaces').map(({ value, label }) => ({ id: value, display_name: label })),
  }));
  routes.get('/phases', (call) => ({ entities: options(call, 'phases').map(phaseBody) }));
  routes.get('/phases/:id', (call) => {
    const phases = options(call, 'phases').map(phaseBody);
    return phases.find(({ id }) => id === call.id()) ?? fail(noObject(call.id()));
  });
  // A map by id (some servers answer a list).
  routes.get('/incident_types', (call) => {
    const types = call.state.schema.type('incident').fields.get('incident_type_ids')?.options.all() ?? [];
    return Object.fromEntries(Array.from(types, (type) => [type.value, incidentTypeBody(type)]));
  });
  routes.get('/artifact_types', (call) => ({ entities: artifactTypes(call) }));
  routes.get('/artifact_types/:id', (call) => {
    return artifactTypes(call).find(({ id }) => id === call.id()) ?? fail(noObject(call.id()));
  });

  routes.get('/message_destinations', (call) => ({ entities: call.org.rules.destinations.all().map(destinationDto) }));
  routes.get('/message_destinations/:id', (call) => destinationDto(call.org.rules.destinations.at(call.id())));
  routes.put('/message_destinations/:id', (call) => {
    const destination = call.org.rules.destinations.at(call.id());
    if (!Array.isArray(call.body['users']) && !Array.isArray(call.body['api_keys'])) throw staleVersion();
    if (Array.isArray(call.body['users'])) destination.users = call.body['users'].map(Number);
    if (Array.isArray(call.body['api_keys'])) destination.apiKeys = call.body['api_keys'].map(Number);
    return destinationDto(destination);
  });
  routes.get('/actions', (call) => ({ entities: call.org.rules.list().map((rule) => actionBody(call, rule)) }));
  routes.get('/functions', (call) => ({
    entities: call.org.rules.functions.map(({ name }) => functionBody(call, name)),
  }));
  routes.get('/functions/:name', (call) => functionBody(call, call.text('name')));
  routes.get('/workflow_instances/:id', (call) => {
    const invocation = call.org.rules.status().find((each) => each.correlationId === `invid:${call.id()}`);
    if (!invocation) throw noObject(call.id());
    const status = invocation.status === 'pending' ? 'running' : 'completed';
    return { workflow_instance_id: call.id(), status, start_date: null, end_date: null, terminate_reason: null };
  });
  routes.get('/connectors/queues', (call) => ({ queues: [], org_id: call.org.id }));
}

function orgBody(call: Call): Bag {
  const { options } = call.state;
  return {
    id: call.org.id,
    name: call.org.name,
    uuid: call.org.uuid,
    actions_framework_enabled: options.actionsFrameworkEnabled ?? true,
    attachments_enabled: options.attachmentsEnabled ?? true,
    incident_deletion_allowed: options.incidentDeletionAllowed ?? true,
    final_phase_required: options.finalPhaseRequired ?? false,
    tasks_private: options.tasksPrivate ?? false,
    session_timeout: options.sessionTimeoutSeconds ?? 1200,
    users: Object.fromEntries(users(call).map((user) => [user['id'], user])),
    org_info: { id: call.org.id, name: call.org.name },
    incident_artifact_types: Object.fromEntries(artifactTypes(call).map((type) => [type.id, type])),
  };
}

function users(call: Call): Bag[] {
  return call.state.people.all('user').map(({ user }) => asBag(user));
}

function partialUser({ id, email, fname, lname, display_name, status }: Bag): Bag {
  return { id, email, fname, lname, display_name, status };
}

function groups(call: Call): Bag[] {
  return call.state.people.all('group').map(({ dto, members }) => ({
    id: dto.id,
    name: dto.name,
    export_key: dto.name,
    uuid: uuidFrom(`group:${dto.name}`),
    members: members.flatMap((email) => call.state.people.find(email)?.dto.id ?? []),
  }));
}

function options(call: Call, set: string): Option[] {
  return Array.from(call.state.schema.sets[set]?.all() ?? []);
}

function phaseBody({ value, label, enabled }: Option, i: number) {
  return { id: value, name: label, order: i + 1, enabled, perms: {}, uuid: uuidFrom(`phase:${label}`), tags: [] };
}

function incidentTypeBody({ value, label, enabled, hidden }: Option): Bag {
  return {
    id: value,
    name: label,
    parent_id: null,
    enabled,
    hidden,
    system: true,
    description: label,
    uuid: uuidFrom(`incident_type:${label}`),
    export_key: label,
  };
}

function artifactTypes(call: Call) {
  return Array.from(call.state.schema.artifactTypes.all(), (type) => ({
    id: type.id,
    name: type.name,
    desc: type.name,
    reg_exp: null,
    programmatic_name: type.programmaticName,
    uuid: uuidFrom(`artifact_type:${type.name}`),
    parse_as_csv: type.csv,
    use_for_relationships: true,
    enabled: true,
    version: 1,
    tags: [],
    default_scan_option: 'yes',
    file: type.file,
    multi_aware: type.multiAware,
    system: !type.custom,
  }));
}

function actionBody(call: Call, rule: RuleInfo): Bag {
  const destination = call.org.rules.destinations.get(rule.destination);
  const names = call.format.handles === 'names';
  const byWorkflow = rule.name === feedMenuRule && call.state.behaviour.menuRuleStarts === 'function';
  return {
    id: rule.id,
    name: rule.name,
    type: rule.kind === 'automatic' ? 0 : 1,
    object_type: names ? rule.objectType : call.state.schema.type(rule.objectType).id,
    logic_type: 'all',
    conditions: [],
    automations: [],
    message_destinations: byWorkflow ? [] : [names ? rule.destination : (destination?.id ?? null)],
    workflows: byWorkflow ? [feedFunction.name] : [],
    view_items: [],
    timeout_seconds: 86_400,
    uuid: rule.uuid,
    export_key: rule.name,
    enabled: rule.enabled,
  };
}

function functionBody(call: Call, name: string): Bag {
  const known = call.org.rules.functions.find((each) => each.name === name);
  if (!known) throw noObject(name);
  const destination = call.org.rules.destinations.get(known.destination);
  return {
    id: known.id,
    name: known.name,
    display_name: known.displayName,
    destination_handle: call.format.handles === 'names' ? known.destination : (destination?.id ?? null),
    description: { format: 'text', content: known.displayName },
    uuid: known.uuid,
    version: 0,
    view_items: [],
    workflows: [],
    tags: [],
  };
}

function fail(error: Error): never {
  throw error;
}
