/** One option of a select field. */
export interface SelectOption {
  /** A number, except for `plan_status` and a task's `status` (`"A"`, `"C"`, `"O"`). */
  readonly value: number | string;
  readonly label: string;
  /** Retired options stay readable with `enabled: false`. */
  readonly enabled: boolean;
  /** `allow_duplicate`, `multi_aware` of artifact types, and the like. */
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** One field of a type, as `GET /types` describes it. */
export interface FieldSchema {
  readonly name: string;
  readonly id: number;
  readonly label: string;
  /** IBM's `input_type`: text, textarea, number, boolean, datepicker, datetimepicker, select, multiselect, … */
  readonly inputType: string;
  /** The section of the object that holds the field: `properties`, `pii`, `gdpr`, …; absent at the top level. */
  readonly prefix?: string;
  readonly required?: 'always' | 'close';
  readonly readOnly: boolean;
  readonly internal: boolean;
  readonly richText: boolean;
  /** Keyed by the option's value as text. */
  readonly options: ReadonlyMap<string, SelectOption>;
}

/** The kind every data table shares (`type_id` of its type); a table's own `id` is 1001 or above. */
export const DATA_TABLE_KIND = 8;

/** E-mail messages of incidents (type 13), where they are fed. Once received, they do not change. */
export const EMAIL_TYPE = 'emailmessage';

/** One object type of an organization: built in or a data table. */
export interface TypeSchema {
  readonly name: string;
  readonly id: number;
  readonly kind: number;
  readonly displayName: string;
  readonly parentTypes: readonly string[];
  /** Keyed by field name. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
}

/** Whether it is the type of e-mail messages, and no data table of that name. */
export function isEmail(schema: TypeSchema): boolean {
  return schema.name === EMAIL_TYPE && !isDataTable(schema);
}

export function isDataTable(schema: TypeSchema): boolean {
  return schema.kind === DATA_TABLE_KIND;
}
