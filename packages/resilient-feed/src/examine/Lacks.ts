import type { FieldSchema, SoarObject } from '@soar-feed/core';
import type { TypeDto } from '@soar-feed/soar-client';
import { surroundings } from '@soar-feed/core';

/** The entries of an import that adds to the target what it lacks. */
export class Lacks {
  private readonly lists = new Map<string, Map<string, SoarObject>>();

  /** By list of a configuration export. */
  get entries(): Readonly<Record<string, readonly SoarObject[]>> {
    return Object.fromEntries([...this.lists].map(([list, entries]) => [list, [...entries.values()]]));
  }

  incidentType(name: string): void {
    this.put('incident_types', name, {
      description: '',
      enabled: true,
      hidden: false,
      name,
      parent_id: null,
      system: false,
    });
  }

  phase(name: string): void {
    this.put('phases', name, { enabled: true, name });
  }

  artifactType(name: string, { file, multi_aware: multiAware, programmatic_name: own }: SoarObject): void {
    const programmatic = typeof own === 'string' ? own : name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
    const entry = { desc: name, enabled: true, file: file === true, multi_aware: multiAware === true, name };
    this.put('incident_artifact_types', name, { ...entry, programmatic_name: programmatic, system: false });
  }

  /** A custom field of incidents. */
  field(field: FieldSchema): void {
    this.put('fields', `incident/${field.name}`, { ...newField(field), prefix: 'properties', type_id: 0 });
  }

  /** Labels that a field of the target does not offer. */
  options(type: TypeDto, name: string, labels: readonly string[]): void {
    if (type.type_id === TABLE) return this.put('types', type.type_name, withOptions(this.table(type), name, labels));
    const key = `${type.type_name}/${name}`;
    const known = this.lists.get('fields')?.get(key) ?? (type.fields[name] as SoarObject | undefined);
    if (known !== undefined) this.put('fields', key, extended(known, labels));
  }

  newTable(name: string, label: string, columns: Iterable<FieldSchema>): void {
    const fields = Object.fromEntries([...columns].map((column) => [column.name, newField(column)]));
    const entry = { actions: [], display_name: label, fields, for_actions: false, for_custom_fields: true };
    const more = { for_notifications: false, for_workflows: false, id: null, parent_types: ['incident'], scripts: [] };
    this.put('types', name, { ...entry, ...more, type_id: TABLE, type_name: name });
  }

  column(type: TypeDto, column: FieldSchema): void {
    const table = this.table(type);
    const fields = { ...(table['fields'] as object), [column.name]: newField(column) };
    this.put('types', type.type_name, { ...table, fields });
  }

  private table(type: TypeDto): SoarObject {
    return this.lists.get('types')?.get(type.type_name) ?? type;
  }

  private put(list: string, key: string, entry: SoarObject): void {
    const entries = this.lists.get(list) ?? new Map<string, SoarObject>();
    this.lists.set(list, entries);
    const uuid = (entries.get(key) ?? entry)['uuid'] ?? surroundings().uuid();
    entries.set(key, { ...entry, export_key: key, uuid });
  }
}

const TABLE = 8;

/** As a 2026 export shows a field that an administrator made. */
function newField({ name, label, inputType, required, richText, options }: FieldSchema): SoarObject {
  const chosen = /^(?:multi)?select$/.test(inputType) ? [...options.values()] : [];
  return {
    allow_default_value: false,
    blank_option: inputType === 'select' && required === undefined,
    calculated: false,
    changeable: true,
    chosen: false,
    default_chosen_by_server: false,
    deprecated: false,
    hide_notification: false,
    input_type: inputType,
    internal: false,
    is_tracked: false,
    name,
    operation_perms: {},
    operations: [],
    placeholder: '',
    prefix: null,
    read_only: false,
    ...(required === undefined ? {} : { required }),
    rich_text: richText,
    tags: [],
    templates: [],
    text: label,
    tooltip: '',
    uuid: surroundings().uuid(),
    values: chosen.map((option) => newValue(option.label, option.enabled)),
  };
}

function newValue(label: string, enabled = true): SoarObject {
  return { default: false, enabled, hidden: false, label, uuid: surroundings().uuid() };
}

function extended(field: SoarObject, labels: readonly string[]): SoarObject {
  const values = Array.isArray(field['values']) ? (field['values'] as readonly SoarObject[]) : [];
  const kept = values.map((value) => (labels.includes(String(value['label'])) ? { ...value, enabled: true } : value));
  const missing = labels.filter((label) => !values.some((value) => value['label'] === label));
  return { ...field, values: [...kept, ...missing.map((label) => newValue(label))] };
}

function withOptions(table: SoarObject, column: string, labels: readonly string[]): SoarObject {
  const fields = table['fields'] as Readonly<Record<string, SoarObject>>;
  const field = fields[column];
  return field === undefined ? table : { ...table, fields: { ...fields, [column]: extended(field, labels) } };
}
