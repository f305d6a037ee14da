import { uuidFrom } from '../uuidFrom.js';
import { optionDto } from './OptionSet.js';
import { isSelect } from './TypeDef.js';
import type { Field, TypeDef } from './TypeDef.js';

/** A FieldDTO. */
function fieldDto(field: Field, type: TypeDef, order: number): Record<string, unknown> {
  const operations = operationsOf(field);
  const custom = !field.internal;
  return {
    id: field.id,
    name: field.name,
    text: field.text,
    prefix: field.prefix,
    type_id: field.typeId,
    tooltip: field.tooltip ?? '',
    placeholder: '',
    input_type: field.inputType,
    // Absent when the field is not required, as on the platform.
    ...(field.required ? { required: field.required } : {}),
    hide_notification: false,
    chosen: false,
    default_chosen_by_server: field.name === 'workspace',
    blank_option: field.inputType === 'select' && field.required === undefined,
    internal: field.internal,
    uuid: field.uuid ?? uuidFrom(`field:${type.name}.${field.name}`),
    operations,
    operation_perms: Object.fromEntries(operations.map((operation) => [operation, shownEverywhere])),
    values: Array.from(field.options.all(), optionDto),
    perms: { delete: custom, modify_name: custom, modify_values: isSelect(field), modify_required: custom, sort: true },
    read_only: field.readOnly,
    changeable: !field.readOnly,
    rich_text: field.richText,
    templates: [],
    deprecated: field.name === 'instr_text',
    tags: [],
    calculated: false,
    is_tracked: isTracked(field, type),
    allow_default_value: false,
    ...(field.labelTrue === undefined ? {} : { label_true: field.labelTrue }),
    ...(field.labelFalse === undefined ? {} : { label_false: field.labelFalse }),
    ...(type.isTable ? { short_text: '', order, width: 100 } : {}),
  };
}

/** Whether the platform keeps a time series of the field. */
export function isTracked(field: Field, type: TypeDef): boolean {
  return type.name === 'incident' && ['owner_id', 'phase_id', 'severity_code'].includes(field.name);
}

export function fieldDtos(type: TypeDef): Record<string, unknown>[] {
  return Array.from(type.fields.values(), (field, i) => fieldDto(field, type, i));
}

/** A TypeDTO: its `fields` are a map by name, whereas `/types/{t}/fields` answers a list. */
export function typeDto(type: TypeDef, actions: readonly unknown[]): Record<string, unknown> {
  const main = !type.name.startsWith('__') && !['actioninvocation', 'organization'].includes(type.name);
  return {
    id: type.id,
    // 8 is the type id of every data table; its own id is in `id`.
    type_id: type.isTable ? 8 : type.id,
    type_name: type.name,
    fields: Object.fromEntries(fieldDtos(type).map((field) => [field['name'], field])),
    properties: { can_create: main, can_destroy: main, for_who: [] },
    parent_types: type.parents,
    display_name: type.label,
    for_notifications: main && !type.isTable,
    for_actions: main || type.name === '__emailmessage',
    for_custom_fields: type.isTable || ['incident', 'actioninvocation', '__function'].includes(type.name),
    for_workflows: main,
    uuid: uuidFrom(`type:${type.name}`),
    actions,
    scripts: [],
    playbooks: [],
    tags: [],
  };
}

const shownEverywhere = { show_in_manual_actions: true, show_in_auto_actions: true, show_in_notifications: true };

function operationsOf(field: Field): string[] {
  const presence = ['has_a_value', 'not_has_a_value'];
  switch (field.inputType) {
    case 'multiselect':
    case 'multiselect_members':
    case 'multiselect_tagref':
      return [
        'changed',
        'contains',
        'equals',
        'in',
        'not_contains',
        'not_equals',
        'not_in',
        'value_added',
        ...presence,
      ];
    case 'select':
    case 'select_owner':
    case 'select_user':
      return ['changed', 'changed_to', 'equals', 'in', 'not_changed_to', 'not_equals', 'not_in', ...presence];
    case 'text':
    case 'textarea':
      return [
        'changed',
        'changed_to',
        'contains',
        'equals',
        'not_changed_to',
        'not_contains',
        'not_equals',
        ...presence,
      ];
    case 'number':
      return ['changed', 'changed_to', 'equals', 'gt', 'gte', 'lt', 'lte', 'not_changed_to', 'not_equals', ...presence];
    case 'boolean':
      return ['changed', 'changed_to', 'equals', 'not_changed_to', 'not_equals', ...presence];
    case 'datepicker':
    case 'datetimepicker':
      return ['changed', 'due_within', 'overdue_by', ...presence];
    case 'nested_collection':
      return presence;
    case 'none':
      return [];
  }
}
