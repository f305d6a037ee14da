import type { Bag } from '../org/bag.js';
import type { OrgState } from '../org/OrgState.js';
import { invalid } from '../org/PlatformError.js';
import type { RuleEngine } from '../rules/RuleEngine.js';
import { bagsOf, namesOf, textOf } from './bags.js';

/** Throws 400 if the org cannot take the configuration: what it refers to is missing, or a field would change its type. */
export function checkImport(org: OrgState, rules: RuleEngine, body: Bag): void {
  if (body['export_format_version'] !== 2) throw invalid('The format of the export is not supported.');
  const destinations = new Set([
    ...rules.destinations.all().map(({ name }) => name),
    ...bagsOf(body, 'message_destinations').map((each) => textOf(each, 'programmatic_name')),
  ]);
  const types = new Set([
    ...Array.from(org.schema.types(), ({ name }) => name),
    ...bagsOf(body, 'types').map((each) => textOf(each, 'type_name')),
  ]);
  const destination = (name: string): void => {
    if (!destinations.has(name)) throw invalid(`There is no message destination "${name}".`);
  };
  for (const field of bagsOf(body, 'fields')) checkField(org, types, field);
  for (const action of bagsOf(body, 'actions')) {
    const type = textOf(action, 'object_type');
    if (!types.has(type)) throw invalid(`There is no object type "${type}".`);
    for (const name of namesOf(action, 'message_destinations')) destination(name);
    const [name, uuid] = [textOf(action, 'name'), textOf(action, 'uuid')];
    if (rules.list().some((rule) => rule.name === name && rule.uuid !== uuid))
      throw invalid(`There is another rule "${name}".`);
  }
  for (const called of bagsOf(body, 'functions')) destination(textOf(called, 'destination_handle'));
  const functions = [...rules.functions.map(({ uuid }) => uuid), ...bagsOf(body, 'functions').map(uuidOf)];
  for (const playbook of bagsOf(body, 'playbooks')) {
    const xml = textOf(bagsOf({ content: [playbook['content']] }, 'content')[0] ?? {}, 'xml');
    const called = [...xml.matchAll(/resilient:function uuid="([^"]+)"/g)].map(([, uuid]) => uuid ?? '');
    if (called.length === 0 || called.some((uuid) => !functions.includes(uuid)))
      throw invalid(`The playbook "${textOf(playbook, 'name')}" calls a function that does not exist.`);
  }
}

function checkField(org: OrgState, types: ReadonlySet<string>, field: Bag): void {
  const [typeName = '', name = ''] = textOf(field, 'export_key').split('/');
  if (!types.has(typeName)) throw invalid(`There is no object type "${typeName}".`);
  const known = Array.from(org.schema.types())
    .find((type) => type.name === typeName)
    ?.fields.get(name);
  if (known !== undefined && known.inputType !== textOf(field, 'input_type'))
    throw invalid(`The type of the field "${name}" cannot be changed.`);
}

function uuidOf(bag: Bag): string {
  return textOf(bag, 'uuid');
}
