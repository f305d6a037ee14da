import type { OrgState } from '../org/OrgState.js';
import type { OptionSet } from '../org/schema/OptionSet.js';
import type { DumpField, DumpSchema } from './OrgDump.js';

export function dumpSchema(org: OrgState): DumpSchema {
  const { schema, people } = org;
  const tables = schema.tables().map(({ name }) => name);
  const names = ['incident', 'task', 'note', 'milestone', 'artifact', 'attachment', ...tables];
  const labels = (set: string) => options(schema.sets[set]).map(({ id, label }) => ({ id: Number(id), label }));
  return {
    types: Object.fromEntries(names.map((name) => [name, dumpType(org, name)])),
    users: people.all('user').map(({ dto, user }) => ({
      id: dto.id,
      email: dto.name,
      displayName: dto.display_name,
      status: user?.status ?? 'A',
    })),
    groups: people.all('group').map(({ dto, members }) => ({ id: dto.id, name: dto.name, members: [...members] })),
    apiKeys: people.all('apikey').map(({ dto }) => ({ id: dto.id, name: dto.name })),
    workspaces: labels('workspaces'),
    phases: labels('phases'),
    incidentTypes: options(schema.type('incident').fields.get('incident_type_ids')?.options).map(
      ({ id, label, enabled }) => ({ id: Number(id), label, enabled }),
    ),
    artifactTypes: Array.from(schema.artifactTypes.all(), ({ id, name, programmaticName, file, custom }) => ({
      id,
      label: name,
      programmaticName,
      file,
      custom,
    })),
  };
}

function dumpType(org: OrgState, name: string): DumpSchema['types'][string] {
  const type = org.schema.type(name);
  const fields = Array.from(type.fields.values(), (field): [string, DumpField] => [
    field.name,
    {
      id: field.id,
      label: field.text,
      inputType: field.inputType,
      prefix: field.prefix,
      ...(field.required ? { required: field.required } : {}),
      readOnly: field.readOnly,
      richText: field.richText,
      custom: !field.internal,
      options: options(field.options),
    },
  ]);
  return { id: type.id, name, label: type.label, table: type.isTable, fields: Object.fromEntries(fields) };
}

function options(set: OptionSet | undefined): DumpField['options'] {
  return Array.from(set?.all() ?? [], ({ value, label, enabled }) => ({ id: value, label, enabled }));
}
