import { ownUuid } from '../ownUuid.js';
import type { Piece } from '../Piece.js';

export interface FieldWish {
  /** `incident` or `__function`. */
  readonly type: string;
  readonly name: string;
  readonly label: string;
  readonly inputType: 'text' | 'number' | 'boolean' | 'datetimepicker';
  readonly required?: 'always';
  readonly tooltip?: string;
}

/** Ids of the types in exports; they are the same in every organization. */
const TYPE_IDS: Readonly<Record<string, number>> = { incident: 0, __function: 11 };

export function fieldPiece({ type, name, label, inputType, required, tooltip = '' }: FieldWish): Piece {
  return {
    kind: 'field',
    name: `${type}.${name}`,
    list: 'fields',
    entry: {
      allow_default_value: false,
      blank_option: inputType === 'boolean',
      calculated: false,
      changeable: true,
      chosen: false,
      default_chosen_by_server: false,
      deprecated: false,
      export_key: `${type}/${name}`,
      hide_notification: false,
      input_type: inputType,
      internal: false,
      is_tracked: false,
      name,
      operation_perms: {},
      operations: [],
      placeholder: '',
      prefix: type === 'incident' ? 'properties' : null,
      read_only: false,
      ...(required === undefined ? {} : { required }),
      rich_text: false,
      tags: [],
      templates: [],
      text: label,
      tooltip,
      type_id: TYPE_IDS[type] ?? 0,
      uuid: ownUuid(`field/${type}/${name}`),
      values: [],
    },
    decisive: ['input_type', 'required', 'text'],
  };
}
