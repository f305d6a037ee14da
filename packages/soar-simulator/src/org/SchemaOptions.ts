/** How an org's schema differs from the platform's built-in one. Field names are API names, options are labels. */
export interface SchemaOptions {
  /** Custom incident fields, kept in the incident's `properties`. */
  incidentFields?: FieldOptions[];
  tables?: TableOptions[];
  /** Custom artifact types. */
  artifactTypes?: ArtifactTypeOptions[];
  /** Custom incident types, besides the 20 built-in ones. */
  incidentTypes?: { name: string; parent?: string; enabled?: boolean; hidden?: boolean }[];
  /** Phases besides the seven built-in ones. */
  phases?: string[];
  /** Activity fields of menu rules (type `actioninvocation`). */
  activityFields?: FieldOptions[];
  /** Function inputs (type `__function`). */
  functionFields?: FieldOptions[];
  /** Built-in incident fields that this org does not have. */
  omitFields?: string[];
  /** Options that this org does not have: `{ 'incident.severity_code': ['High'] }`. */
  omitOptions?: Record<string, string[]>;
  /** Options added to built-in fields: `{ 'incident.severity_code': ['Critical'] }`. */
  addOptions?: Record<string, string[]>;
  /** Options that are listed with `enabled:false`: they can no longer be chosen, but old objects keep them. */
  retiredOptions?: Record<string, string[]>;
  /** Built-in fields that this org requires: `{ 'incident.severity_code': 'always' }`. */
  required?: Record<string, 'always' | 'close'>;
  /** Built-in artifact types that this org does not have, by label. */
  omitArtifactTypes?: string[];
}

export type InputType =
  | 'text'
  | 'textarea'
  | 'number'
  | 'boolean'
  | 'datepicker'
  | 'datetimepicker'
  | 'select'
  | 'multiselect'
  | 'select_owner'
  | 'select_user'
  | 'multiselect_members'
  | 'multiselect_tagref'
  | 'nested_collection'
  | 'none';

export interface FieldOptions {
  name: string;
  /** Default: the name. */
  label?: string;
  inputType: InputType;
  required?: 'always' | 'close';
  richText?: boolean;
  options?: (string | OptionOptions)[];
  /** For booleans. */
  labelTrue?: string;
  labelFalse?: string;
  /** Default: made of type and name, so the same in every org. */
  uuid?: string;
  tooltip?: string;
}

export interface OptionOptions {
  label: string;
  enabled?: boolean;
  hidden?: boolean;
  default?: boolean;
}

export interface TableOptions {
  /** API name. */
  name: string;
  /** Display name; default: the API name. */
  label?: string;
  columns: FieldOptions[];
}

export interface ArtifactTypeOptions {
  /** Display name. */
  name: string;
  programmaticName: string;
  file?: boolean;
  multiAware?: boolean;
  allowDuplicate?: boolean;
  csv?: boolean;
}
