import type { Bag } from '../org/bag.js';
import type { OrgState } from '../org/OrgState.js';
import type { FieldOptions, InputType } from '../org/SchemaOptions.js';
import { isSelect } from '../org/schema/TypeDef.js';
import type { Field, TypeDef } from '../org/schema/TypeDef.js';
import type { RuleEngine } from '../rules/RuleEngine.js';
import { bagsOf, namesOf, textOf } from './bags.js';

/** IBM's exports always hold these two; they mean nothing. */
const placeholders = ['Customization Packages (internal)', 'internal_customizations_field'];

/** Makes what the configuration holds and the org lacks, and updates in place what it has by that name. */
export function applyImport(org: OrgState, rules: RuleEngine, playbooks: Map<string, Bag>, body: Bag): void {
  const { schema, people } = org;
  for (const type of bagsOf(body, 'incident_types')) addLabel(org, 'incidentTypes', textOf(type, 'name'), type);
  for (const phase of bagsOf(body, 'phases')) addLabel(org, 'phases', textOf(phase, 'name'), phase);
  for (const type of bagsOf(body, 'incident_artifact_types')) {
    const [name, programmaticName] = [textOf(type, 'name'), textOf(type, 'programmatic_name')];
    const known = [...schema.artifactTypes.all()].some((each) => each.name === name);
    if (!known)
      schema.addArtifactType({
        name,
        programmaticName,
        file: type['file'] === true,
        multiAware: type['multi_aware'] === true,
      });
  }
  for (const table of bagsOf(body, 'types')) {
    const name = textOf(table, 'type_name');
    const known = schema.tables().find((each) => each.name === name);
    const type = known ?? schema.addTable({ name, label: textOf(table, 'display_name') || name, columns: [] });
    for (const column of bagsOf(table, 'fields')) putField(org, type, column);
  }
  for (const field of bagsOf(body, 'fields')) {
    if (placeholders.includes(textOf(field, 'name'))) continue;
    putField(org, schema.type(textOf(field, 'export_key').split('/')[0] ?? ''), field);
  }
  for (const destination of bagsOf(body, 'message_destinations')) {
    const name = textOf(destination, 'programmatic_name');
    if (rules.destinations.get(name)) continue;
    const users = namesOf(destination, 'users').flatMap((each) => people.find(each)?.dto.id ?? []);
    const { expect_ack: expectAck, uuid } = destination;
    rules.destinations.add({
      name,
      expectAck: expectAck !== false,
      users,
      apiKeys: [],
      uuid: typeof uuid === 'string' ? uuid : undefined,
    });
  }
  for (const called of bagsOf(body, 'functions')) {
    const inputs = bagsOf(called, 'view_items').map((item) => fieldOf(org, textOf(item, 'content')));
    rules.putFunction({
      name: textOf(called, 'name'),
      displayName: textOf(called, 'display_name'),
      destination: textOf(called, 'destination_handle'),
      uuid: textOf(called, 'uuid'),
      inputs: inputs.flatMap((name) => name ?? []),
    });
  }
  for (const action of bagsOf(body, 'actions'))
    rules.putRule({
      name: textOf(action, 'name'),
      kind: action['type'] === 1 ? 'menu' : 'automatic',
      objectType: textOf(action, 'object_type'),
      destination: namesOf(action, 'message_destinations')[0] ?? '',
      enabled: action['enabled'] !== false,
      uuid: textOf(action, 'uuid'),
    });
  for (const playbook of bagsOf(body, 'playbooks')) playbooks.set(textOf(playbook, 'name'), structuredClone(playbook));
}

function addLabel({ schema }: OrgState, set: string, label: string, { enabled, hidden }: Bag): void {
  const options = schema.sets[set];
  if (options === undefined || placeholders.includes(label) || options.find(label)) return;
  schema.addOption(options, label, { enabled: enabled !== false, hidden: hidden === true });
}

function putField(org: OrgState, type: TypeDef, dto: Bag): void {
  const known = type.fields.get(textOf(dto, 'name'));
  if (known === undefined) return org.schema.addField(type, optionsOf(dto));
  if (isSelect(known) && !known.people) addOptions(org, known, dto);
}

function addOptions({ schema }: OrgState, { options }: Field, dto: Bag): void {
  for (const value of bagsOf(dto, 'values')) {
    const label = textOf(value, 'label');
    const known = options.find(label);
    if (known === undefined) schema.addOption(options, label, { enabled: value['enabled'] !== false });
    else if (value['enabled'] !== false && !known.enabled) {
      known.enabled = true;
      schema.version++;
    }
  }
}

function optionsOf(dto: Bag): FieldOptions {
  const { required, uuid, label_true: labelTrue, label_false: labelFalse } = dto;
  return {
    name: textOf(dto, 'name'),
    label: textOf(dto, 'text'),
    inputType: textOf(dto, 'input_type') as InputType,
    tooltip: textOf(dto, 'tooltip'),
    richText: dto['rich_text'] === true,
    options: bagsOf(dto, 'values').map((value) => ({
      label: textOf(value, 'label'),
      enabled: value['enabled'] !== false,
      hidden: value['hidden'] === true,
    })),
    ...(required === 'always' || required === 'close' ? { required } : {}),
    ...(typeof uuid === 'string' ? { uuid } : {}),
    ...(typeof labelTrue === 'string' ? { labelTrue } : {}),
    ...(typeof labelFalse === 'string' ? { labelFalse } : {}),
  };
}

function fieldOf({ schema }: OrgState, uuid: string): string | undefined {
  return [...schema.type('__function').fields.values()].find((field) => field.uuid === uuid)?.name;
}
